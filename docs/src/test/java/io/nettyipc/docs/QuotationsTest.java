/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableHead;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomNode;
import org.junit.jupiter.api.Test;

/** What the pages quote of the sources is still there. */
class QuotationsTest {
    private static final Repository REPOSITORY = Repository.current();
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");
    private static final Pattern TEST = Pattern.compile("^([A-Z]\\w*Test)(?:[.#](\\w+))?$");
    private static final Pattern SUPERCLASS = Pattern.compile("class \\w+(?:<[^{]*>)?\\s+extends\\s+(\\w+)");

    @Test
    void eachMessageThatThePageOnTroubleExplainsIsOneOfTheSources() throws Exception {
        List<String> messages = messages();
        assertTrue(messages.size() > 30, "messages are not found any more: " + messages.size());
        List<String> sources = new ArrayList<>();
        for (Path file : Repository.files(REPOSITORY.root(), QuotationsTest::isMainSource)) {
            sources.add(literals(Files.readString(file)));
        }

        assertEquals(
                List.of(),
                messages.stream()
                        .filter(message -> sources.stream().noneMatch(source -> hasAllOf(source, message)))
                        .toList());
    }

    @Test
    void eachTestThatIsNamedExists() throws Exception {
        Map<String, String> tests = new HashMap<>();
        for (Path file :
                Repository.files(REPOSITORY.root(), path -> path.toString().endsWith("Test.java"))) {
            tests.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
        }
        List<String> missing = new ArrayList<>();
        int[] named = {0};
        for (Page page : REPOSITORY.pages()) {
            page.document().accept(new AbstractVisitor() {
                @Override
                public void visit(Code code) {
                    Matcher name = TEST.matcher(code.getLiteral());
                    if (name.matches()) {
                        named[0]++;
                        if (!isDeclared(tests, name.group(1), name.group(2))) {
                            missing.add(page.path() + ": " + code.getLiteral());
                        }
                    }
                }
            });
        }
        assertTrue(named[0] > 100, "names of tests are not found any more: " + named[0]);

        assertEquals(List.of(), missing);
    }

    /** Whether the class is there, and the method in it, in a class within it or in one that it extends. */
    private static boolean isDeclared(Map<String, String> tests, String type, String method) {
        String source = tests.get(type);
        if (source == null || method == null) {
            return source != null;
        }
        if (source.contains(" " + method + "(")) {
            return true;
        }
        Matcher parent = SUPERCLASS.matcher(source);
        return parent.find() && isDeclared(tests, parent.group(1), method);
    }

    /** The first column of the page's tables that have messages of this project. */
    private static List<String> messages() {
        List<String> messages = new ArrayList<>();
        new Page(REPOSITORY.root(), Path.of("docs/troubleshooting.md"))
                .document()
                .accept(new AbstractVisitor() {
                    private boolean ours;

                    @Override
                    public void visit(CustomNode node) {
                        if (node instanceof TableRow row) {
                            boolean head = row.getParent() instanceof TableHead;
                            String first = Page.plain(row.getFirstChild());
                            if (head) {
                                ours = first.equals("message");
                            } else if (ours) {
                                collect((TableCell) row.getFirstChild());
                            }
                        } else {
                            visitChildren(node);
                        }
                    }

                    private void collect(TableCell cell) {
                        cell.accept(new AbstractVisitor() {
                            @Override
                            public void visit(Code code) {
                                messages.add(code.getLiteral());
                            }
                        });
                    }
                });
        return messages;
    }

    private static boolean hasAllOf(String source, String message) {
        for (String part : message.split("…", -1)) {
            if (!source.contains(part.strip())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isMainSource(Path file) {
        return file.toString().endsWith(".java")
                && file.toString().replace('\\', '/').contains("/src/main/")
                && !file.startsWith(REPOSITORY.root().resolve("docs"))
                && !file.startsWith(REPOSITORY.root().resolve("examples"))
                && !file.startsWith(REPOSITORY.root().resolve("benchmarks"));
    }

    /** A file's texts, where it joins two without anything between them as one. */
    private static String literals(String source) throws IOException {
        StringBuilder texts = new StringBuilder();
        Matcher literals = LITERAL.matcher(source.replaceAll("\"\\s*\\+\\s*\"", ""));
        while (literals.find()) {
            texts.append(literals.group(1).replace("\\\"", "\"").replace("\\\\", "\\"))
                    .append('\n');
        }
        return texts.toString();
    }
}
