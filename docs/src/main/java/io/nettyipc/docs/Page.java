/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.SourceSpan;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/** A page in Markdown, and what stands in it. */
final class Page {
    private static final Parser PARSER = Parser.builder()
            .extensions(List.of(TablesExtension.create()))
            .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
            .build();

    private final Path path;
    private final Node document;
    private final Map<Heading, String> anchors = new LinkedHashMap<>();
    private final List<Reference> references = new ArrayList<>();
    private final List<CodeBlock> codeBlocks = new ArrayList<>();
    private String title;

    /**
     * @param path relative to the root
     */
    Page(Path root, Path path) {
        this.path = path;
        try {
            document = PARSER.parse(Files.readString(root.resolve(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        document.accept(new Contents());
        if (title == null) {
            title = path.toString();
        }
    }

    /** Relative to the project's root. */
    Path path() {
        return path;
    }

    Node document() {
        return document;
    }

    /** The first heading. */
    String title() {
        return title;
    }

    /** What a link's part behind the {@code #} may be. */
    Set<String> anchors() {
        return Set.copyOf(anchors.values());
    }

    String anchor(Heading heading) {
        return anchors.get(heading);
    }

    List<Reference> references() {
        return references;
    }

    List<CodeBlock> codeBlocks() {
        return codeBlocks;
    }

    /** A link or picture. */
    record Reference(Path page, int line, String destination) {
        boolean isRelative() {
            return !destination.matches("[a-z]+:.*");
        }

        /** The part before the {@code #}. */
        String file() {
            return destination.replaceFirst("#.*", "");
        }

        /** The part behind the {@code #}, empty without one. */
        String anchor() {
            int hash = destination.indexOf('#');
            return hash < 0 ? "" : destination.substring(hash + 1);
        }

        @Override
        public String toString() {
            return page + ":" + line + ": " + destination;
        }
    }

    /**
     * @param line of the fence, from 1
     */
    record CodeBlock(Path page, int line, String language, String text) {
        @Override
        public String toString() {
            return page + ":" + line;
        }
    }

    /** Text without its marks. */
    static String plain(Node node) {
        StringBuilder text = new StringBuilder();
        node.accept(new AbstractVisitor() {
            @Override
            public void visit(Text part) {
                text.append(part.getLiteral());
            }

            @Override
            public void visit(Code part) {
                text.append(part.getLiteral());
            }

            @Override
            public void visit(SoftLineBreak part) {
                text.append(' ');
            }
        });
        return text.toString();
    }

    private final class Contents extends AbstractVisitor {
        private final Map<String, Integer> seen = new HashMap<>();

        /** Anchors are those that GitHub makes. */
        @Override
        public void visit(Heading heading) {
            String text = plain(heading);
            if (title == null) {
                title = text;
            }
            String anchor = text.toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-');
            int earlier = seen.merge(anchor, 1, Integer::sum) - 1;
            anchors.put(heading, earlier == 0 ? anchor : anchor + '-' + earlier);
            visitChildren(heading);
        }

        @Override
        public void visit(Link link) {
            references.add(new Reference(path, line(link), link.getDestination()));
            visitChildren(link);
        }

        @Override
        public void visit(Image image) {
            references.add(new Reference(path, line(image), image.getDestination()));
        }

        @Override
        public void visit(FencedCodeBlock block) {
            codeBlocks.add(new CodeBlock(path, line(block), block.getInfo(), block.getLiteral()));
        }

        private int line(Node node) {
            List<SourceSpan> spans = node.getSourceSpans();
            return spans.isEmpty() ? 0 : spans.get(0).getLineIndex() + 1;
        }
    }
}
