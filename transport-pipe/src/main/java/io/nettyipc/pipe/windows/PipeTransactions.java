/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.internal.ObjectUtil;
import io.nettyipc.base.os.Win32Error;
import io.nettyipc.pipe.MessageTooLongException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A channel's requests that wait for their replies. A request waits for its turn in the outbound buffer; then it has
 * the pipe to itself until the reply is there.
 */
final class PipeTransactions {

    private final WindowsNamedPipeChannel channel;
    /** The one that has the pipe. */
    private Transaction current;

    PipeTransactions(WindowsNamedPipeChannel channel) {
        this.channel = channel;
    }

    /** As {@link io.nettyipc.pipe.NamedPipeChannel#transact}, on any thread. */
    Future<ByteBuf> transact(ByteBuf request, int maxReplyLength, long timeoutMillis) {
        Promise<ByteBuf> reply;
        try {
            ObjectUtil.checkPositive(maxReplyLength, "maxReplyLength");
            ObjectUtil.checkPositiveOrZero(timeoutMillis, "timeoutMillis");
            reply = channel.eventLoop().newPromise();
        } catch (Throwable t) {
            request.release();
            throw t;
        }
        Transaction transaction = new Transaction(request, maxReplyLength, reply);
        if (!channel.onLoop(() -> write(transaction, timeoutMillis), reply)) {
            transaction.release();
        }
        return reply;
    }

    private void write(Transaction transaction, long timeoutMillis) {
        Promise<ByteBuf> reply = transaction.reply();
        Exception refusal = channel.refusalToTransact();
        if (refusal != null) {
            transaction.release();
            reply.setFailure(refusal);
            return;
        }
        if (timeoutMillis > 0) {
            ScheduledFuture<?> timeout = channel.eventLoop()
                    .schedule(() -> timedOut(reply, timeoutMillis), timeoutMillis, TimeUnit.MILLISECONDS);
            reply.addListener(f -> timeout.cancel(false));
        }
        // Not through the pipeline: encoders have nothing to do with it.
        channel.unsafe().write(transaction, channel.newPromise().addListener(f -> {
            if (!f.isSuccess()) {
                reply.tryFailure(f.cause());
            }
        }));
        channel.unsafe().flush();
    }

    private void timedOut(Promise<ByteBuf> reply, long timeoutMillis) {
        if (reply.tryFailure(
                new TimeoutException(channel.remoteAddress() + ": no reply within " + timeoutMillis + " ms"))) {
            channel.unsafe().close(channel.voidPromise());
        }
    }

    /** It is a request's turn. */
    void begin(Transaction transaction) {
        current = transaction;
        if (transaction.reply().setUncancellable()) {
            // The transaction reads; a wait for data that is under way would take the reply.
            channel.reader().pause(() -> start(transaction));
        } else {
            // Not from within the write.
            channel.eventLoop().execute(() -> end(transaction, null, null));
        }
    }

    private void start(Transaction transaction) {
        if (channel.reader().hasData()) {
            end(transaction, null, failure(Win32Error.PIPE_BUSY));
            return;
        }
        TransactOperation operation = null;
        int error;
        try {
            operation = operation(transaction);
            error = channel.submit(operation);
        } catch (Throwable t) {
            // Without memory for the reply, for example: the writer and the reader have to go on.
            if (operation != null) {
                operation.release();
            }
            end(transaction, null, t);
            return;
        }
        if (error != 0) {
            operation.release();
            end(transaction, null, failure(error));
        }
    }

    private TransactOperation operation(Transaction transaction) {
        int room = transaction.maxReplyLength();
        ByteBuf reply = channel.alloc().directBuffer(room, room);
        try {
            return channel.withHandle(
                    handle -> new TransactOperation(handle, channel.writer().message(transaction.content()), reply));
        } catch (Throwable t) {
            reply.release();
            throw t;
        }
    }

    private IOException failure(int error) {
        return error == Win32Error.PIPE_BUSY
                ? new IOException(channel.remoteAddress() + ": TransactNamedPipe: ERROR_PIPE_BUSY (231), a message"
                        + " that nobody has read is in the pipe; read it first")
                : channel.failure("TransactNamedPipe", error);
    }

    /** The packet of the current one has come. */
    void completed(TransactOperation operation) {
        Transaction transaction = current;
        int error = operation.error();
        if (error == 0) {
            end(transaction, operation.takeReply(), null);
            return;
        }
        operation.release();
        if (error == Win32Error.MORE_DATA && channel.isActive()) {
            channel.reader().dropRestOfMessage();
            int limit = transaction.maxReplyLength();
            end(
                    transaction,
                    null,
                    new MessageTooLongException(
                            channel.remoteAddress() + ": the reply is longer than the " + limit
                                    + " bytes that were allowed; it was dropped",
                            limit));
        } else {
            end(transaction, null, failure(error));
        }
    }

    /** With the reply, or why there is none; with neither for a transaction that was cancelled before it began. */
    private void end(Transaction transaction, ByteBuf reply, Throwable failure) {
        // Null once the channel is closed: the transaction has been failed then.
        ChannelOutboundBuffer in = channel.unsafe().outboundBuffer();
        if (in != null) {
            in.remove();
        }
        current = null;
        channel.reader().resume();
        if (failure != null) {
            transaction.reply().tryFailure(failure);
        } else if (reply != null && !transaction.reply().trySuccess(reply)) {
            reply.release();
        }
        channel.writer().exchanged();
    }
}
