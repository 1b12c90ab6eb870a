/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * A target string, taken apart: {@code npipe:orders}, {@code shm:/run/orders.sock}, {@code npipe:////./pipe/orders}.
 */
record LocalTarget(LocalScheme scheme, SocketAddress address) {

    /**
     * @throws IllegalArgumentException if it isn't one; the message says what was found and what to write
     * @throws MissingTransportException if the scheme's transport cannot be used
     */
    static LocalTarget parse(String target) throws MissingTransportException {
        try {
            return of(new URI(target));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "target '" + target + "' is not a URI (" + e.getMessage()
                            + "): write npipe:orders or shm:orders, and" + " %20 for a blank",
                    e);
        }
    }

    static LocalTarget of(URI target) throws MissingTransportException {
        LocalScheme scheme = LocalScheme.of(target.getScheme());
        return new LocalTarget(scheme, scheme.address(name(target)));
    }

    /** The text for an address class: all after the scheme and an empty authority, percent signs decoded. */
    private static String name(URI target) {
        if (target.getRawAuthority() != null) {
            throw bad(target, "names the machine '" + target.getRawAuthority() + "'", "without the two slashes");
        }
        if (target.getRawFragment() != null) {
            throw bad(target, "has a fragment, #" + target.getRawFragment(), "%23 for a # in a name");
        }
        if (target.isOpaque()) {
            return target.getSchemeSpecificPart();
        }
        if (target.getRawQuery() != null) {
            throw bad(target, "has a query, ?" + target.getRawQuery(), "%3F for a ? in a path");
        }
        return target.getPath();
    }

    private static IllegalArgumentException bad(URI target, String finding, String advice) {
        return new IllegalArgumentException(
                "target '" + target + "' " + finding + ": write " + target.getScheme() + ":orders, " + advice);
    }
}
