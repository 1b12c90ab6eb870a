/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links between pages, and from pages to files. */
class LinksTest {
    private static final Repository REPOSITORY = Repository.current();

    private final List<Page> pages = REPOSITORY.pages();

    @Test
    void eachRelativeLinkLeadsToAFileAndToAHeadingOfIt() {
        Map<Path, Page> byPath = new HashMap<>();
        pages.forEach(page -> byPath.put(page.path(), page));
        List<Page.Reference> relative = pages.stream()
                .flatMap(page -> page.references().stream())
                .filter(Page.Reference::isRelative)
                .toList();
        assertTrue(relative.size() > 100, "links are not found any more: " + relative.size());

        assertEquals(
                List.of(),
                relative.stream()
                        .filter(reference -> {
                            Path target = Site.target(reference.page(), reference.file());
                            if (target.startsWith("..")
                                    || !Files.exists(REPOSITORY.root().resolve(target))) {
                                return true;
                            }
                            Page page = byPath.get(target);
                            return !reference.anchor().isEmpty()
                                    && (page == null || !page.anchors().contains(reference.anchor()));
                        })
                        .toList());
    }

    @Test
    void eachPageOfTheDocumentationIsInItsIndex() {
        Page index = pages.stream()
                .filter(page -> page.path().equals(Path.of("docs/README.md")))
                .findFirst()
                .orElseThrow();
        List<Path> indexed = index.references().stream()
                .map(reference -> Site.target(index.path(), reference.file()))
                .toList();
        for (Page page : pages) {
            if (Path.of("docs").equals(page.path().getParent()) && page != index) {
                assertTrue(indexed.contains(page.path()), page.path() + " is not in docs/README.md");
            }
        }
    }

    @Test
    void noLinkOfTheSiteIsDead(@TempDir Path site) throws Exception {
        new Site(REPOSITORY, site).write();
        // Javadoc is made by the site's profile only.
        Files.createDirectories(site.resolve("api"));
        Files.writeString(site.resolve("api/index.html"), "");

        assertEquals(List.of(), DeadLinks.below(site));
        assertTrue(Files.readString(site.resolve("index.html")).contains("<h1 id=\"netty-ipc\">Netty IPC</h1>"));
    }

    @Test
    void deadLinksOfASiteAreFound(@TempDir Path site) throws Exception {
        Files.writeString(site.resolve("a.html"), "<a href=\"b.html\">b</a> <a href=\"b.html#there\">b</a>");
        Files.writeString(
                site.resolve("b.html"), "<h2 id=\"there\">b</h2> <a href=\"a.html#gone\">a</a> <img src=\"c\">");

        assertEquals(List.of("b.html: a.html#gone", "b.html: c"), DeadLinks.below(site));
    }

    @Test
    void theReadmeIsShort() throws Exception {
        assertFalse(Files.size(REPOSITORY.root().resolve("README.md")) > 7 << 10);
    }
}
