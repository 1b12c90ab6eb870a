/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.docs;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks for links between the files of a site that lead nowhere. */
final class DeadLinks {
    private static final Pattern LINK = Pattern.compile("<[^>]*?\\s(?:href|src)=\"([^\"]*)\"");
    private static final Pattern ANCHOR = Pattern.compile("\\s(?:id|name)=\"([^\"]*)\"");

    private final Path root;
    private final Map<Path, Set<String>> anchors = new HashMap<>();

    private DeadLinks(Path root) {
        this.root = root;
    }

    /** Returns them, each with the page that it is on. */
    static List<String> below(Path root) throws IOException {
        DeadLinks search = new DeadLinks(root.toAbsolutePath().normalize());
        List<String> dead = new ArrayList<>();
        for (Path page : Repository.files(search.root, path -> path.toString().endsWith(".html"))) {
            Matcher links = LINK.matcher(Files.readString(page));
            while (links.find()) {
                String link = links.group(1).replace("&amp;", "&");
                if (!link.matches("[a-z]+:.*") && !search.leadsSomewhere(page, link)) {
                    dead.add(search.root.relativize(page) + ": " + link);
                }
            }
        }
        return dead;
    }

    private boolean leadsSomewhere(Path page, String link) throws IOException {
        URI uri = URI.create(link);
        String file = uri.getPath();
        Path target = file == null || file.isEmpty()
                ? page
                : page.resolveSibling(file).normalize();
        if (!target.startsWith(root) || !Files.isRegularFile(target)) {
            return false;
        }
        // Javadoc has some on its own pages that lead nowhere, such as those of constant-values.html.
        return uri.getFragment() == null
                || uri.getFragment().isEmpty()
                || page.startsWith(root.resolve(Site.API))
                || !target.toString().endsWith(".html")
                || anchors(target).contains(uri.getFragment());
    }

    private Set<String> anchors(Path page) throws IOException {
        Set<String> known = anchors.get(page);
        if (known == null) {
            known = new HashSet<>();
            Matcher matcher = ANCHOR.matcher(Files.readString(page));
            while (matcher.find()) {
                known.add(matcher.group(1).replace("&lt;", "<").replace("&gt;", ">"));
            }
            anchors.put(page, known);
        }
        return known;
    }
}
