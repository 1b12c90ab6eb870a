/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;

/** A JSON text whose end isn't marked. */
final class JsonText {
    private JsonText() {}

    /**
     * Returns whether the bytes are one object, array or string from its first to its last character, with blanks
     * around it. What is in it is not checked. Of a number or a word nobody can tell whether it goes on.
     */
    static boolean isComplete(ByteBuf in, int start, int end) {
        int depth = 0;
        boolean string = false;
        boolean ended = false;
        for (int i = start; i < end; i++) {
            byte b = in.getByte(i);
            if (string) {
                if (b == '\\') {
                    i++;
                } else if (b == '"') {
                    string = false;
                    ended = depth == 0;
                }
            } else if (!isBlank(b) && (ended || (depth == 0 && b != '"' && b != '{' && b != '['))) {
                return false;
            } else if (b == '"') {
                string = true;
            } else if (b == '{' || b == '[') {
                depth++;
            } else if (b == '}' || b == ']') {
                depth--;
                ended = depth == 0;
            }
        }
        return ended;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }
}
