/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.mailslot;

import io.netty.channel.Channel;
import io.nettyipc.pipe.MessageTooLongException;

/**
 * One end of a mailslot: a reader, which is bound to a {@link MailslotAddress}, or a writer, which is connected to one.
 * A mailslot has one reader and any number of writers, and nothing goes back.
 *
 * <p>Each {@link io.netty.buffer.ByteBuf} that a writer writes is one message, and a reader reads each message as one
 * {@code ByteBuf}. The reader isn't told who wrote it.
 *
 * <p>A message that is longer than allowed fails its write with a {@link MessageTooLongException}; the channel goes on.
 * A write to a mailslot whose reader has gone fails and closes the channel. What a reader or writer can't do (a write
 * to a reader) fails with {@link UnsupportedOperationException}.
 *
 * @see Mailslot
 */
public interface MailslotChannel extends Channel {

    @Override
    MailslotChannelConfig config();

    /** Returns the mailslot that this end reads, or {@code null} for a writer. */
    @Override
    MailslotAddress localAddress();

    /** Returns the mailslot that this end writes to, or {@code null} for a reader. */
    @Override
    MailslotAddress remoteAddress();

    /**
     * Asks the system for the reader's figures. May be called by any thread.
     *
     * @throws java.nio.channels.NotYetConnectedException if this is not a bound reader
     * @throws io.netty.channel.ChannelException          if it is closed, or the system refuses to answer
     */
    MailslotInfo info();
}
