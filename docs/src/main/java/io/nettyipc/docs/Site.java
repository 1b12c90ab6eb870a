/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.docs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.AttributeProvider;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.html.HtmlWriter;

/**
 * Makes a static site: README and the pages that it leads to, each at its own path with {@code .html} instead of
 * {@code .md}; the files and directories that they link to, as pages too; and Javadoc of all modules. Fails on a link
 * that leads nowhere.
 *
 * <pre>mvn -q -pl docs -am compile -Psite</pre>
 */
public final class Site {
    private static final String MERMAID = "META-INF/resources/webjars/mermaid/";
    static final Path API = Path.of("api");

    private final Repository repository;
    private final Path output;
    private final Map<Path, Page> pages = new HashMap<>();
    /** Files and directories of the project that pages link to. */
    private final Deque<Path> linked = new ArrayDeque<>();

    private final Set<Path> seen = new HashSet<>();
    private final List<Page> menu = new ArrayList<>();

    Site(Repository repository, Path output) {
        this.repository = repository;
        this.output = output;
        for (Page page : repository.pages()) {
            pages.put(page.path(), page);
        }
    }

    public static void main(String[] args) throws IOException {
        Path output = Path.of(args[0]).toAbsolutePath();
        Repository repository = Repository.current();
        delete(output);
        new Api(repository, output.resolve(API)).write();
        new Site(repository, output).write();
        List<String> dead = DeadLinks.below(output);
        if (!dead.isEmpty()) {
            dead.forEach(System.err::println);
            System.err.println(dead.size() + " dead links");
            System.exit(1);
        }
        System.out.println(output.resolve("index.html").toUri());
    }

    /** Writes all but Javadoc. */
    void write() throws IOException {
        Page index = pages.get(Path.of("docs/README.md"));
        for (Page.Reference reference : index.references()) {
            Page page = pages.get(target(index.path(), reference.file()));
            if (page != null && !menu.contains(page)) {
                menu.add(page);
            }
        }
        link(Path.of("README.md"));
        while (!linked.isEmpty()) {
            Path path = linked.remove();
            Page page = pages.get(path);
            if (page != null) {
                writePage(page);
            } else if (Files.isDirectory(repository.root().resolve(path))) {
                writeDirectory(path);
            } else if (isPicture(path)) {
                copy(path);
            } else {
                writeText(path);
            }
        }
        write(Path.of("style.css"), resource("style.css"));
    }

    private void link(Path path) {
        if (seen.add(path)) {
            linked.add(path);
        }
    }

    private void writePage(Page page) throws IOException {
        HtmlRenderer renderer = HtmlRenderer.builder()
                .extensions(List.of(TablesExtension.create()))
                .attributeProviderFactory(context -> new Attributes(page))
                .nodeRendererFactory(context -> new Diagrams(context.getWriter()))
                .build();
        // Wide tables scroll within themselves.
        String body = renderer.render(page.document())
                .replace("<table>", "<div class=\"table\"><table>")
                .replace("</table>", "</table></div>");
        boolean drawn = body.contains("<pre class=\"mermaid\">") && copyMermaid();
        write(htmlOf(page.path()), frame(page.path(), page.title(), body, drawn));
    }

    private void writeDirectory(Path path) throws IOException {
        StringBuilder body = new StringBuilder("<h1>" + escape(path.toString()) + "</h1>\n<ul>\n");
        try (Stream<Path> entries = Files.list(repository.root().resolve(path))) {
            for (Path entry : entries.sorted().toList()) {
                Path inside = path.resolve(entry.getFileName());
                if (!inside.endsWith("target")) {
                    link(inside);
                    body.append("<li><a href=\"")
                            .append(href(path.resolve("."), inside, ""))
                            .append("\">")
                            .append(escape(entry.getFileName().toString()))
                            .append("</a></li>\n");
                }
            }
        }
        write(
                htmlOf(path),
                frame(path.resolve("."), path.toString(), body.append("</ul>\n").toString(), false));
    }

    private void writeText(Path path) throws IOException {
        String text = Files.readString(repository.root().resolve(path));
        String body = "<h1>" + escape(path.getFileName().toString()) + "</h1>\n<pre><code>" + escape(text)
                + "</code></pre>\n";
        write(htmlOf(path), frame(path, path.getFileName().toString(), body, false));
    }

    private void copy(Path path) throws IOException {
        Path copy = output.resolve(path);
        Files.createDirectories(copy.getParent());
        Files.copy(repository.root().resolve(path), copy);
    }

    /** Returns whether it is there: without the profile diagrams stay text. */
    private boolean copyMermaid() throws IOException {
        Path copy = output.resolve("mermaid.min.js");
        if (Files.exists(copy)) {
            return true;
        }
        List<String> jar = Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1))
                .filter(entry -> entry.contains("mermaid-"))
                .toList();
        if (jar.isEmpty()) {
            return false;
        }
        String version = jar.get(0).replaceFirst(".*mermaid-(.*)\\.jar", "$1");
        try (InputStream in =
                Site.class.getClassLoader().getResourceAsStream(MERMAID + version + "/dist/mermaid.min.js")) {
            Files.copy(in, copy);
            return true;
        }
    }

    private String frame(Path path, String title, String body, boolean drawn) {
        String up = relative(path, Path.of("")).replaceFirst("^$", ".");
        StringBuilder html = new StringBuilder(
                """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <link rel="stylesheet" href="%s/style.css">
                </head>
                <body>
                <nav>
                <details>
                <summary>Netty IPC</summary>
                <ul>
                <li><a href="%s/index.html">Overview</a></li>
                """.formatted(escape(title.equals("Netty IPC") ? title : title + " · Netty IPC"), up, up));
        for (Page page : menu) {
            html.append("<li><a href=\"")
                    .append(href(path, page.path(), ""))
                    .append('"')
                    .append(page.path().equals(path) ? " aria-current=\"page\"" : "")
                    .append('>')
                    .append(escape(page.title()))
                    .append("</a></li>\n");
        }
        html.append("<li><a href=\"")
                .append(up)
                .append("/")
                .append(API)
                .append("/index.html\">Javadoc</a></li>\n")
                .append("</ul>\n</details>\n</nav>\n<main>\n")
                .append(body)
                .append("</main>\n")
                // Open beside the page, closed above it.
                .append("<script>document.querySelector('nav details').open = innerWidth >= 960;</script>\n");
        if (drawn) {
            html.append("<script src=\"")
                    .append(up)
                    .append("/mermaid.min.js\"></script>\n")
                    .append("<script>mermaid.initialize({startOnLoad: true, theme:"
                            + " matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'neutral'});</script>\n");
        }
        return html.append("</body>\n</html>\n").toString();
    }

    /** Where a file of the project is in the site. */
    private Path htmlOf(Path path) {
        if (path.equals(Path.of("README.md"))) {
            return Path.of("index.html");
        }
        if (pages.containsKey(path)) {
            return Path.of(path.toString().replaceFirst("\\.md$", ".html"));
        }
        if (Files.isDirectory(repository.root().resolve(path))) {
            return path.resolve("index.html");
        }
        return isPicture(path) ? path : Path.of(path + ".html");
    }

    private String href(Path from, Path to, String anchor) {
        return relative(from, htmlOf(to)) + (anchor.isEmpty() ? "" : '#' + anchor);
    }

    private static String relative(Path from, Path to) {
        Path directory = from.getParent() == null ? Path.of("") : from.getParent();
        return slashes(directory.normalize().relativize(to));
    }

    private static String slashes(Path path) {
        return path.toString().replace('\\', '/');
    }

    /** The path in the project that a page's link leads to. */
    static Path target(Path page, String file) {
        if (file.isEmpty()) {
            return page;
        }
        return Path.of(slashes(page)).resolveSibling(URI.create(file).getPath()).normalize();
    }

    private static boolean isPicture(Path path) {
        return path.toString().matches(".*\\.(svg|png)");
    }

    private void write(Path file, String text) throws IOException {
        Path path = output.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Site.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    /** Links lead to the site's pages, and headings can be linked to. */
    private final class Attributes implements AttributeProvider {
        private final Page page;

        Attributes(Page page) {
            this.page = page;
        }

        @Override
        public void setAttributes(Node node, String tag, Map<String, String> attributes) {
            if (node instanceof Heading heading) {
                attributes.put("id", page.anchor(heading));
            } else if (node instanceof Link link) {
                attributes.put("href", resolve(link.getDestination()));
            } else if (node instanceof Image image) {
                attributes.put("src", resolve(image.getDestination()));
            }
        }

        private String resolve(String destination) {
            Page.Reference reference = new Page.Reference(page.path(), 0, destination);
            if (!reference.isRelative()) {
                return destination;
            }
            Path target = target(page.path(), reference.file());
            if (!Files.exists(repository.root().resolve(target))) {
                return destination;
            }
            link(target);
            return href(page.path(), target, reference.anchor());
        }
    }

    /** Mermaid's script looks for this class. */
    private static final class Diagrams implements NodeRenderer {
        private final HtmlWriter writer;

        Diagrams(HtmlWriter writer) {
            this.writer = writer;
        }

        @Override
        public Set<Class<? extends Node>> getNodeTypes() {
            return Set.of(FencedCodeBlock.class);
        }

        @Override
        public void render(Node node) {
            FencedCodeBlock block = (FencedCodeBlock) node;
            boolean diagram = block.getInfo().equals("mermaid");
            writer.line();
            writer.tag("pre", diagram ? Map.of("class", "mermaid") : Map.of());
            if (!diagram) {
                writer.tag("code");
            }
            writer.text(block.getLiteral());
            if (!diagram) {
                writer.tag("/code");
            }
            writer.tag("/pre");
            writer.line();
        }
    }
}
