/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.random;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCounted;
import io.netty.util.concurrent.Future;
import io.nettyipc.pipe.random.Operation.Fate;
import io.nettyipc.pipe.random.Operation.Promise;
import io.nettyipc.pipe.random.Operation.Reaction;
import io.nettyipc.pipe.random.Written.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Plays a script on a connection. */
final class ScriptRun implements Recorder.Actions {

    /** How long a completion packet may take that follows what it stands for. */
    private static final long PACKET_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Script script;
    private final Set<Trait> traits;
    private final int patienceSeconds;
    private final List<Future<?>> calls = new ArrayList<>();
    private final List<Written> allWrites = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    final Recorder client;
    final Recorder server;
    private ChannelPairs.Pair channels;

    private ScriptRun(Script script, Set<Trait> traits, int patienceSeconds) {
        this.script = script;
        this.patienceSeconds = patienceSeconds;
        this.traits = traits;
        client = newRecorder(End.CLIENT);
        server = traits.contains(Trait.ECHO) ? client : newRecorder(End.SERVER);
        client.peer(server);
        server.peer(client);
    }

    private Recorder newRecorder(End end) {
        Recorder recorder = new Recorder(
                end,
                this,
                traits,
                script.settings(),
                script.settings().allocator().get());
        recorder.actions(this);
        return recorder;
    }

    /**
     * Plays it.
     *
     * @param patienceSeconds how long nothing may happen before it counts as stuck
     * @return what was wrong, nothing if it went as it should
     */
    static List<String> play(Script script, ChannelPairs pairs, int patienceSeconds) throws Exception {
        ScriptRun run = new ScriptRun(script, pairs.traits(), patienceSeconds);
        run.channels = pairs.connect(script.settings(), run.client, run.server);
        try {
            run.play();
            return run.findings();
        } finally {
            run.channels.client().close();
            run.channels.server().close();
        }
    }

    private void play() throws Exception {
        if (!await(() -> client.active == 1 && server.active == 1, "channelActive")) {
            return;
        }
        for (Step step : script.steps()) {
            if (step.end() == null) {
                if (!settle()) {
                    return;
                }
            } else if (step.isReregistration()) {
                // A channel that closes meanwhile would tell nobody: Netty fires no event while it is not registered.
                if (!settle() || !reregister(channel(step.end()))) {
                    return;
                }
            } else if (step.onLoop()) {
                loop(step.end()).execute(() -> perform(step));
            } else {
                perform(step);
            }
        }
        if (settle()) {
            end();
        }
    }

    private void perform(Step step) {
        try {
            for (Operation operation : step.operations()) {
                perform(recorder(step.end()), channel(step.end()), operation, step.onLoop());
            }
        } catch (Exception | Error e) {
            violation(step + " threw " + stackTrace(e));
        }
    }

    private void perform(Recorder recorder, Channel channel, Operation operation, boolean onLoop) {
        if (operation instanceof Operation.Write write) {
            write(recorder, channel, write);
        } else if (operation instanceof Operation.RefillWhenWritable refill) {
            synchronized (this) {
                recorder.refillWhenWritable(refill.times(), refill.length());
            }
        } else if (operation instanceof Operation.AnswerReads answer) {
            synchronized (this) {
                recorder.answerReads(answer.times(), answer.length());
            }
        } else if (operation instanceof Operation.Flush) {
            channel.flush();
        } else if (operation instanceof Operation.Read) {
            channel.read();
        } else if (operation instanceof Operation.AutoRead autoRead) {
            boolean was = channel.config().isAutoRead();
            channel.config().setAutoRead(autoRead.on());
            if (was != autoRead.on()) {
                synchronized (this) {
                    recorder.autoRead(autoRead.on(), onLoop);
                }
            }
        } else if (operation instanceof Operation.ShutDownOutput) {
            shutDownOutput(recorder, (DuplexChannel) channel);
        } else if (operation instanceof Operation.ShutDownInput) {
            synchronized (this) {
                recorder.inputShutDown = true;
            }
            called(((DuplexChannel) channel).shutdownInput());
        } else {
            close(recorder, channel);
        }
    }

    private void shutDownOutput(Recorder recorder, DuplexChannel channel) {
        synchronized (this) {
            recorder.outputShutDown = true;
        }
        called(channel.shutdownOutput());
    }

    private void close(Recorder recorder, Channel channel) {
        synchronized (this) {
            recorder.closed = true;
        }
        called(channel.close());
    }

    private boolean reregister(Channel channel) throws InterruptedException {
        if (!channel.isActive()) {
            return true;
        }
        EventLoop loop = channel.eventLoop();
        ChannelPromise registered = channel.newPromise();
        called(registered);
        channel.deregister().addListener(deregistered -> {
            if (channel.isOpen()) {
                loop.register(channel).addListener(again -> registered.trySuccess());
            } else {
                registered.trySuccess();
            }
        });
        return await(registered::isDone, "the registration");
    }

    private synchronized void called(Future<?> call) {
        calls.add(call);
        call.addListener(future -> {
            synchronized (this) {
                notifyAll();
            }
        });
    }

    private synchronized void violation(String text) {
        violations.add(text);
    }

    // ---- writes

    /** Without a listener that does anything. */
    @Override
    public void writeAndFlush(Recorder recorder, int length) {
        write(
                recorder,
                channel(recorder.end),
                new Operation.Write(length, Payload.HEAP, Promise.RETURNED, Fate.NONE, Reaction.NONE, true));
    }

    private void write(Recorder recorder, Channel channel, Operation.Write operation) {
        Written written;
        synchronized (this) {
            written = new Written(allWrites.size(), operation);
            allWrites.add(written);
            written.message = operation.payload().create(written.begin(), written.length(), recorder.allocator());
            recorder.releasedEarly |= written.wasReleasedEarly();
            recorder.willWrite(written);
        }
        ChannelPromise promise = promise(recorder, channel, written);
        Object message = written.message;
        ChannelFuture future =
                operation.flush() ? channel.writeAndFlush(message, promise) : channel.write(message, promise);
        if (operation.promise() == Promise.RETURNED) {
            future.addListener(done -> ended(recorder, channel, written, done));
        }
        if (operation.fate() == Fate.CANCELLED) {
            future.cancel(false);
        } else if (operation.fate() == Fate.RELEASED && ((ReferenceCounted) message).refCnt() > 0) {
            ((ReferenceCounted) message).release();
        }
    }

    private ChannelPromise promise(Recorder recorder, Channel channel, Written written) {
        return switch (written.operation.promise()) {
            case RETURNED -> channel.newPromise();
            case GIVEN -> channel.newPromise().addListener(done -> ended(recorder, channel, written, done));
            case PROGRESSIVE -> progressive(recorder, channel, written);
            case VOID -> channel.voidPromise();
        };
    }

    private ChannelPromise progressive(Recorder recorder, Channel channel, Written written) {
        return channel.newProgressivePromise().addListener(new ChannelProgressiveFutureListener() {
            @Override
            public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
                synchronized (ScriptRun.this) {
                    written.progress = progress;
                }
            }

            @Override
            public void operationComplete(ChannelProgressiveFuture future) {
                ended(recorder, channel, written, future);
            }
        });
    }

    private void ended(Recorder recorder, Channel channel, Written written, Future<?> future) {
        synchronized (this) {
            written.cause = future.cause();
            written.outcome =
                    future.isSuccess() ? Outcome.SUCCESS : future.isCancelled() ? Outcome.CANCELLED : Outcome.FAILED;
            recorder.ended(written);
            notifyAll();
        }
        try {
            switch (written.operation.reaction()) {
                case NONE -> {}
                case FLUSH -> channel.flush();
                case WRITE_AND_FLUSH -> writeAndFlush(recorder, 1 + written.length() / 2);
                case CLOSE -> close(recorder, channel);
                case SHUT_DOWN_OUTPUT -> shutDownOutput(recorder, (DuplexChannel) channel);
            }
        } catch (Exception | Error e) {
            violation("the reaction to " + written + " threw " + stackTrace(e));
        }
    }

    // ---- waiting

    /** Flushes what is written, and waits until all has arrived that will. */
    private boolean settle() throws Exception {
        barrier();
        synchronized (this) {
            client.drain();
            server.drain();
        }
        for (End end : ends()) {
            loop(end).execute(() -> {
                channel(end).flush();
                channel(end).read();
            });
        }
        do {
            if (!await(this::hasArrived, "everything to arrive")) {
                return false;
            }
            // Handlers may have been told something that they answer by writing more, and may be told it by a task of
            // its own.
            barrier();
            barrier();
        } while (!hasArrived());
        for (End end : ends()) {
            awaitCompletionPackets(end);
            loop(end).submit(() -> checkWritable(end)).get(patienceSeconds, TimeUnit.SECONDS);
        }
        synchronized (this) {
            client.stopDraining();
            server.stopDraining();
        }
        return true;
    }

    /** On Windows a write is over when its completion packet comes, which can be after the peer has read its bytes. */
    private synchronized void awaitCompletionPackets(End end) throws Exception {
        long deadline = System.nanoTime() + PACKET_NANOS;
        while (mustBeWritable(end) && !channel(end).isWritable() && System.nanoTime() - deadline < 0) {
            // Lets the event loops in meanwhile.
            wait(1);
        }
    }

    private boolean mustBeWritable(End end) {
        Recorder recorder = recorder(end);
        Recorder peer = recorder(end.peer());
        return !recorder.mayHaveLostWrites()
                && !peer.inputShutDown
                && !peer.isGone()
                && channel(end).isActive();
    }

    private synchronized boolean hasArrived() {
        return hasArrived(client, server) && hasArrived(server, client);
    }

    private boolean hasArrived(Recorder from, Recorder to) {
        if (to.isGone() || to.closed || to.inputShutDown || from.closed || from.isGone()) {
            return true;
        }
        return !from.isPending() && to.received.size() >= from.bytesSent();
    }

    private synchronized void checkWritable(End end) {
        if (!mustBeWritable(end)) {
            return;
        }
        Recorder recorder = recorder(end);
        Channel channel = channel(end);
        if (!channel.isWritable() && !recorder.isPending()) {
            violations.add(end + " is not writable though everything has arrived, " + channel.bytesBeforeWritable()
                    + " bytes before it is");
        } else if (channel.isWritable() != recorder.writable) {
            violations.add(end + " was last told that it is" + (recorder.writable ? "" : " not") + " writable");
        }
    }

    /** Waits until the loops have done what they were told so far. */
    private void barrier() throws Exception {
        for (End end : ends()) {
            loop(end).submit(() -> {}).get(patienceSeconds, TimeUnit.SECONDS);
        }
    }

    /** Ends the connection, and waits until each end knows. */
    private void end() throws Exception {
        for (End end : ends()) {
            loop(end).execute(() -> channel(end).config().setAutoRead(true));
        }
        if (!await(() -> knowsTheEnd(client, server) && knowsTheEnd(server, client), "the end of the input")) {
            return;
        }
        Recorder first = recorder(script.closeFirst());
        Recorder second = recorder(script.closeFirst().peer());
        closeAtEnd(first);
        if (!await(() -> knowsTheEnd(first, second), "the end of the input")) {
            return;
        }
        closeAtEnd(second);
        boolean ended = await(
                () -> client.isGone() && server.isGone() && !client.registered && !server.registered,
                "channelInactive and channelUnregistered");
        if (ended) {
            await(
                    () -> calls.stream().allMatch(Future::isDone) && !client.isPending() && !server.isPending(),
                    "all futures");
            barrier();
        }
    }

    private void closeAtEnd(Recorder recorder) {
        synchronized (this) {
            recorder.closedAtEnd = true;
        }
        called(channel(recorder.end).close());
    }

    private boolean knowsTheEnd(Recorder from, Recorder to) {
        return (traits.contains(Trait.NO_END) && to.received.size() >= from.bytesSent())
                || (!from.closed && !from.closedAtEnd && !from.outputShutDown && !from.isGone())
                || (traits.contains(Trait.ECHO) && !from.outputShutDown)
                || to.isGone()
                || to.closed
                || to.closedAtEnd
                || to.inputShutDown
                || to.inputEnded;
    }

    private synchronized boolean await(BooleanSupplier condition, String what) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(patienceSeconds);
        while (!condition.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                violations.add("stuck: " + patienceSeconds + " s of waiting for " + what);
                return false;
            }
            wait(left);
        }
        return true;
    }

    // ---- the two ends

    private List<End> ends() {
        return traits.contains(Trait.ECHO) ? List.of(End.CLIENT) : List.of(End.values());
    }

    private Recorder recorder(End end) {
        return end == End.CLIENT ? client : server;
    }

    private Channel channel(End end) {
        return end == End.CLIENT ? channels.client() : channels.server();
    }

    private EventLoop loop(End end) {
        return channel(end).eventLoop();
    }

    // ---- the outcome

    private synchronized List<String> findings() throws InterruptedException {
        List<String> findings = new ArrayList<>(violations);
        boolean stuck = !violations.isEmpty();
        Contract contract = new Contract(traits, script.settings(), stuck);
        findings.addAll(contract.check(client, server));
        if (server != client) {
            findings.addAll(contract.check(server, client));
        }
        if (!stuck) {
            checkReleased(findings);
        }
        if (!findings.isEmpty()) {
            findings.add(state(client, channels.client()));
            findings.add(state(server, channels.server()));
        }
        return findings;
    }

    private synchronized void checkReleased(List<String> findings) throws InterruptedException {
        // Windows keeps an operation's buffer until its completion packet, which can come after the channel's end.
        long deadline = System.nanoTime() + PACKET_NANOS;
        while (!isReleased() && System.nanoTime() - deadline < 0) {
            // Lets the event loops in meanwhile.
            wait(1);
        }
        for (Written written : allWrites) {
            if (written.isHeld()) {
                findings.add("not released: " + written);
            }
        }
        for (Recorder recorder : List.of(client, server)) {
            long used = usedMemory(recorder);
            if (used != 0) {
                findings.add(recorder.end + "'s allocator has " + used + " bytes in use");
            }
        }
    }

    private boolean isReleased() {
        return allWrites.stream().noneMatch(Written::isHeld) && usedMemory(client) == 0 && usedMemory(server) == 0;
    }

    private static long usedMemory(Recorder recorder) {
        return recorder.allocator() instanceof UnpooledByteBufAllocator unpooled
                ? unpooled.metric().usedDirectMemory() + unpooled.metric().usedHeapMemory()
                : 0;
    }

    private static String state(Recorder recorder, Channel channel) {
        return recorder.end + ": " + channel + " active " + recorder.active + " inactive " + recorder.inactive
                + " writable " + channel.isWritable() + " input ended " + recorder.inputEnded + " received "
                + recorder.received.size() + " exceptions " + recorder.exceptions + " writes " + recorder.writes;
    }

    static String stackTrace(Throwable cause) {
        java.io.StringWriter text = new java.io.StringWriter();
        cause.printStackTrace(new java.io.PrintWriter(text, true));
        return text.toString();
    }
}
