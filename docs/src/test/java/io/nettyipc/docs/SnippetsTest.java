/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles the Java on the pages: blocks of {@code java}, and what {@code diff} blocks end up with. Statements and
 * members are put into a class of their own; what they use without declaring it is in {@link SnippetContext}.
 */
class SnippetsTest {
    private static final Set<String> LANGUAGES = Set.of("java", "diff");
    /** Other projects' code, in reports about it. */
    private static final Path REPORTS = Path.of("docs/upstream");

    private static final Pattern TYPE =
            Pattern.compile("^(public |final |abstract )*(class|interface|record|enum|module) .*", Pattern.MULTILINE);
    private static final Pattern MEMBER =
            Pattern.compile("^(@|public |private |protected |static )", Pattern.MULTILINE);
    private static final Pattern IMPORT = Pattern.compile("^import .*;$");

    @Test
    void everySnippetCompiles(@TempDir Path classes) throws Exception {
        List<Snippet> snippets = snippets();
        assertTrue(snippets.size() > 15, "snippets are not found any more: " + snippets.size());

        List<String> problems = new ArrayList<>();
        // A module has a compilation of its own.
        compile(snippets.stream().filter(snippet -> !snippet.isModule()).toList(), classes, "-classpath", problems);
        for (Snippet snippet : snippets) {
            if (snippet.isModule()) {
                compile(List.of(snippet), classes.resolve("module"), "--module-path", problems);
            }
        }

        assertEquals(List.of(), problems);
    }

    @Test
    @Timeout(120)
    void theFirstProgramsRun(@TempDir Path classes, @TempDir Path names) throws Exception {
        List<Snippet> programs = snippets().stream()
                .filter(snippet -> snippet.block.text().startsWith("package hello;"))
                .toList();
        assertEquals(2, programs.size());
        List<String> problems = new ArrayList<>();
        compile(programs, classes, "-classpath", problems);
        assertEquals(List.of(), problems);

        Map<String, Process> started = new LinkedHashMap<>();
        for (String program : List.of("PipeHello", "ShmHello")) {
            started.put(program, start(program, classes, names));
        }
        Map<String, String> last = new HashMap<>();
        started.forEach((program, process) -> {
            String output = output(process);
            last.put(program, output.substring(output.lastIndexOf('\n') + 1));
        });

        assertEquals(Map.of("PipeHello", "hello through a pipe", "ShmHello", "hello through shared memory"), last);
    }

    /** With sockets where no other run has one. */
    private static Process start(String program, Path classes, Path names) throws IOException {
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classes + File.pathSeparator + System.getProperty("java.class.path"),
                        "hello." + program)
                .redirectErrorStream(true);
        java.environment().put("XDG_RUNTIME_DIR", names.toString());
        return java.start();
    }

    private static String output(Process process) {
        try (InputStream output = process.getInputStream()) {
            return new String(output.readAllBytes(), StandardCharsets.UTF_8)
                    .strip()
                    .replace("\r", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<Snippet> snippets() {
        List<Snippet> snippets = new ArrayList<>();
        for (Page page : Repository.current().pages()) {
            if (!page.path().startsWith(REPORTS)) {
                for (Page.CodeBlock block : page.codeBlocks()) {
                    if (LANGUAGES.contains(block.language())) {
                        snippets.add(new Snippet(block, snippets.size()));
                    }
                }
            }
        }
        return snippets;
    }

    private static void compile(List<Snippet> snippets, Path classes, String pathOption, List<String> problems)
            throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        Files.createDirectories(classes);
        compiler.getTask(
                        null,
                        null,
                        diagnostics,
                        List.of(
                                "--release",
                                "17",
                                "-proc:none",
                                "-Xlint:none",
                                "-d",
                                classes.toString(),
                                pathOption,
                                System.getProperty("java.class.path")),
                        null,
                        snippets)
                .call();
        for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics()) {
            if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
                Snippet snippet = (Snippet) diagnostic.getSource();
                problems.add((snippet == null ? "" : snippet.place(diagnostic.getLineNumber()) + ": ")
                        + diagnostic.getMessage(null));
            }
        }
    }

    private static final class Snippet extends SimpleJavaFileObject {
        private final Page.CodeBlock block;
        private final String source;
        /** How many lines stand before the snippet's first. */
        private final int linesBefore;

        Snippet(Page.CodeBlock block, int number) {
            super(URI.create("memory:///" + name(block, number) + ".java"), Kind.SOURCE);
            this.block = block;
            String text = block.language().equals("diff") ? result(block.text()) : block.text();
            if (TYPE.matcher(text).find()) {
                source = text;
                linesBefore = 0;
                return;
            }
            // Imports stay where they are in the count of lines, but come first.
            String imports =
                    text.lines().filter(line -> IMPORT.matcher(line).matches()).collect(Collectors.joining(" "));
            String body = text.lines()
                    .map(line -> IMPORT.matcher(line).matches() ? "" : line)
                    .collect(Collectors.joining("\n"));
            String before = SnippetContext.IMPORTS + imports + "\nclass " + name(block, number)
                    + " extends SnippetContext {\n"
                    + (MEMBER.matcher(body).find() ? "" : "void run() throws Exception {\n");
            linesBefore = (int) before.lines().count();
            source = before + body + (MEMBER.matcher(body).find() ? "\n}\n" : "\n}\n}\n");
        }

        /** The name of a type that is declared, or one that no other snippet has. */
        private static String name(Page.CodeBlock block, int number) {
            var type = Pattern.compile("^public .*?(?:class|interface|record|enum) (\\w+)", Pattern.MULTILINE)
                    .matcher(block.text());
            return isModule(block) ? "module-info" : type.find() ? type.group(1) : "Snippet" + number;
        }

        private static boolean isModule(Page.CodeBlock block) {
            return block.text().startsWith("module ");
        }

        boolean isModule() {
            return isModule(block);
        }

        private static String result(String diff) {
            return diff.lines()
                    .map(line -> line.startsWith("-") ? "" : line.isEmpty() ? "" : line.substring(1))
                    .collect(Collectors.joining("\n"));
        }

        String place(long line) {
            return block.page() + ":" + (block.line() + line - linesBefore);
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
        }
    }
}
