/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.nettyipc.shm.lease.LeaseLayout;

/**
 * What the server decides about leases, and WELCOME tells the client.
 *
 * @param clientBytes  of memory for the client's messages; 0 for none
 * @param serverBytes  of memory for the server's messages; 0 for none
 * @param clientLeases how many of the client's messages the server may hold at a time; 0 for none
 * @param serverLeases how many of the server's messages the client may hold at a time; 0 for none
 */
record AgreedLeases(long clientBytes, long serverBytes, long clientLeases, long serverLeases) {

    static final AgreedLeases NONE = new AgreedLeases(0, 0, 0, 0);

    /** What suits both, by terms that the client was checked to have sent rightly. */
    static AgreedLeases of(LeaseTerms client, LeaseTerms server) {
        int clientBytes = common(client.sendBytes(), server.receiveBytes());
        int serverBytes = common(server.sendBytes(), client.receiveBytes());
        return new AgreedLeases(
                clientBytes,
                serverBytes,
                clientBytes == 0 ? 0 : server.maxLeases(),
                serverBytes == 0 ? 0 : client.maxLeases());
    }

    private static int common(int offered, int taken) {
        return Math.min(offered, taken) / LeaseLayout.PAGE * LeaseLayout.PAGE;
    }

    boolean isAny() {
        return clientBytes > 0 || serverBytes > 0;
    }

    /** What the client's memory has. */
    LeaseLayout client() {
        return new LeaseLayout((int) serverLeases, (int) clientLeases, (int) clientBytes);
    }

    /** What the server's memory has. */
    LeaseLayout server() {
        return new LeaseLayout((int) clientLeases, (int) serverLeases, (int) serverBytes);
    }

    /** Checks what a client asks for. */
    static LeaseTerms checkAsked(long sendBytes, long receiveBytes, long maxLeases) throws HandshakeException {
        if (sendBytes > LeaseLayout.MAX_SLOT_BYTES
                || receiveBytes > LeaseLayout.MAX_SLOT_BYTES
                || maxLeases < 1
                || maxLeases > LeaseLayout.MAX_LEASES) {
            throw new HandshakeException("the client asks for " + sendBytes + " and " + receiveBytes
                    + " bytes of memory for leases and " + maxLeases + " leases; at most " + LeaseLayout.MAX_SLOT_BYTES
                    + " and 1 to " + LeaseLayout.MAX_LEASES + " are possible");
        }
        return new LeaseTerms((int) sendBytes, (int) receiveBytes, (int) maxLeases);
    }

    /** Checks a server's decision. */
    void checkAnswerTo(LeaseTerms asked) throws HandshakeException {
        if (clientBytes > asked.sendBytes()
                || serverBytes > asked.receiveBytes()
                || clientBytes % LeaseLayout.PAGE != 0
                || serverBytes % LeaseLayout.PAGE != 0
                || (clientBytes == 0) != (clientLeases == 0)
                || clientLeases > LeaseLayout.MAX_LEASES
                || serverLeases != (serverBytes == 0 ? 0 : asked.maxLeases())) {
            throw new HandshakeException("the server chose " + clientBytes + " and " + serverBytes
                    + " bytes of memory for leases and " + clientLeases + " and " + serverLeases
                    + " leases; the client asked for at most " + asked.sendBytes() + " and " + asked.receiveBytes()
                    + " bytes, and for " + asked.maxLeases() + " leases");
        }
    }
}
