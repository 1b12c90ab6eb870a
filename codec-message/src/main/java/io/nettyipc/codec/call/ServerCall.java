/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

/** The server's side of a call. */
final class ServerCall extends AbstractCall {

    ServerCall(CallConnection connection, int method) {
        super(connection, method);
    }

    @Override
    void sentLast() {
        finish(CallStatus.OK);
    }

    @Override
    void deliveredLast(CallListener receiver, CallStatus status) throws Exception {
        receiver.onHalfClose(this);
    }

    @Override
    boolean endsWithPeer() {
        return false;
    }

    @Override
    boolean canEndWithoutPeer() {
        return input().hasPeerEnded();
    }

    @Override
    void receivedEnd(CallStatus status) {
        if (status.isOk()) {
            super.receivedEnd(status);
        } else {
            // The client has cancelled, and nothing that waits is of use.
            overAtPeer();
            finish(status);
        }
    }
}
