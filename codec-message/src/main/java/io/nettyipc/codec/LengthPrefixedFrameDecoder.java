/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

/**
 * Splits a stream into frames that have their length in front, as a {@link io.netty.buffer.ByteBuf} each, without the
 * length. This is {@link io.netty.handler.codec.LengthFieldBasedFrameDecoder} for the usual case, with the behaviour of
 * {@linkplain io.nettyipc.codec all decoders here}: for one channel, and after a refused frame it stops.
 *
 * <pre>
 * UINT16, before decoding (14 bytes)        after decoding (12 bytes)
 * +--------+----------------+               +----------------+
 * | Length | Content        |               | Content        |
 * | 0x000C | "HELLO, WORLD" |  -----------&gt; | "HELLO, WORLD" |
 * +--------+----------------+               +----------------+
 * </pre>
 *
 * <p>The length counts the content only. A frame may be empty. Errors: {@link
 * io.netty.handler.codec.TooLongFrameException} for a length over the limit, {@link
 * io.netty.handler.codec.PrematureChannelClosureException} for an input that ends within a frame.
 */
public final class LengthPrefixedFrameDecoder extends StrictLengthFieldDecoder {

    /** Limit of OpenSSH's agent for a message, in bytes ({@code AGENT_MAX_LEN}). */
    static final int SSH_AGENT_MAX_LENGTH = 256 * 1024;

    /**
     * Creates a decoder.
     *
     * @param lengthField the form of the length
     * @param maxFrameLength the longest content accepted, in bytes; at least 1
     */
    public LengthPrefixedFrameDecoder(LengthField lengthField, int maxFrameLength) {
        super(lengthField, 0, maxFrameLength);
    }

    /**
     * {@return a new decoder for the messages of the SSH agent protocol (draft-ietf-sshm-ssh-agent): a length of 4
     * bytes, most significant first, and at most 256 KiB, which is OpenSSH's limit}
     *
     * <pre>
     * +------------+------+----------+
     * | Length     | Type | Contents |
     * | 4 bytes BE | 1    | Length-1 |
     * +------------+------+----------+
     * </pre>
     *
     * <p>A decoded frame begins with the type.
     */
    public static LengthPrefixedFrameDecoder sshAgent() {
        return new LengthPrefixedFrameDecoder(LengthField.UINT32, SSH_AGENT_MAX_LENGTH);
    }
}
