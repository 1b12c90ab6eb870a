/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.random;

import io.nettyipc.pipe.random.Operation.Fate;
import io.nettyipc.pipe.random.Operation.Promise;
import io.nettyipc.pipe.random.Operation.Reaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Makes a script of a seed and of what a kind of channel can do. */
final class ScriptGenerator {

    private static final int[] LENGTHS = {1, 64, 64, 64, 64, 2_000, 2_000, 4_096, 9_000, 9_000, 70_000, 300_000};
    /** Less than any system's limit. */
    private static final int MAX_MESSAGE = 100_000;

    private static final int[] HIGH_WATER_MARKS = {1, 100, 4_096, 65_536, 65_536, 1 << 20};

    private final Set<Trait> traits;
    private final SplittableRandom random;
    private final Settings settings;
    /** Without anything that ends a direction, so that nothing may fail. */
    private final boolean calm;
    /**
     * Whether writes are cancelled, and nobody answers writability by writing: a flush that takes off a cancelled write
     * would be called again from within, after which Netty's outbound buffer has lost count of what is flushed.
     */
    private final boolean cancels;

    private ScriptGenerator(long seed, Set<Trait> traits) {
        this.traits = traits;
        random = new SplittableRandom(seed);
        calm = random.nextInt(5) < 2;
        cancels = random.nextBoolean();
        settings = new Settings(
                pick(Settings.Allocator.values()),
                receive(),
                HIGH_WATER_MARKS[random.nextInt(HIGH_WATER_MARKS.length)],
                traits.contains(Trait.HALF_CLOSURE_OPTION) && random.nextBoolean(),
                random.nextInt(4) != 0,
                random.nextBoolean(),
                random.nextInt(4) == 0);
    }

    private Settings.Receive receive() {
        Settings.Receive receive = pick(Settings.Receive.values());
        return receive == Settings.Receive.MAX_BYTES && !traits.contains(Trait.LIMITED_READS)
                ? Settings.Receive.ADAPTIVE
                : receive;
    }

    static Script generate(long seed, Set<Trait> traits) {
        return new ScriptGenerator(seed, traits).script(seed);
    }

    private Script script(long seed) {
        List<Step> steps = new ArrayList<>();
        int count = 1 + random.nextInt(10);
        while (steps.size() < count) {
            steps.add(random.nextInt(6) == 0 ? Step.SETTLE : step());
        }
        return new Script(seed, settings, List.copyOf(steps), end());
    }

    private Step step() {
        End end = end();
        if (traits.contains(Trait.REREGISTRATION) && random.nextInt(20) == 0) {
            return new Step(end, true, List.of(new Operation.Reregister()));
        }
        boolean onLoop = random.nextInt(3) != 0;
        List<Operation> operations = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            operations.add(operation(end, onLoop));
        }
        return new Step(end, onLoop, List.copyOf(operations));
    }

    private End end() {
        return traits.contains(Trait.ECHO) || random.nextBoolean() ? End.CLIENT : End.SERVER;
    }

    private Operation operation(End end, boolean onLoop) {
        boolean writes = !traits.contains(Trait.ONE_WAY) || end == End.CLIENT;
        boolean reads = !traits.contains(Trait.ONE_WAY) || end == End.SERVER;
        int choice = random.nextInt(100);
        if (choice < 55) {
            return writes ? write(onLoop) : new Operation.Read();
        } else if (choice < 68) {
            return new Operation.Flush();
        } else if (choice < 80) {
            return reads ? reading() : new Operation.Flush();
        } else if (choice < 84) {
            return writes && !cancels
                    ? new Operation.RefillWhenWritable(1 + random.nextInt(8), length())
                    : new Operation.Read();
        } else if (choice < 88) {
            return writes && reads && !traits.contains(Trait.ECHO)
                    ? new Operation.AnswerReads(1 + random.nextInt(4), length())
                    : new Operation.Flush();
        }
        return calm ? new Operation.Flush() : ending(writes, reads);
    }

    private Operation reading() {
        return switch (random.nextInt(4)) {
            case 0 -> new Operation.AutoRead(true);
            case 1 -> new Operation.AutoRead(false);
            default -> new Operation.Read();
        };
    }

    private Operation ending(boolean writes, boolean reads) {
        int choice = random.nextInt(6);
        if (choice < 3 && writes && traits.contains(Trait.OUTPUT_SHUTDOWN)) {
            return new Operation.ShutDownOutput();
        } else if (choice == 3 && reads && traits.contains(Trait.INPUT_SHUTDOWN)) {
            return new Operation.ShutDownInput();
        }
        return choice == 5 ? new Operation.Close() : new Operation.Flush();
    }

    private Operation write(boolean onLoop) {
        Payload payload = pick(Payload.values());
        if (payload == Payload.FILE_REGION && !traits.contains(Trait.FILE_REGIONS)) {
            payload = Payload.HEAP;
        }
        Promise promise = pick(Promise.values());
        Fate fate = fate(onLoop, payload, promise);
        return new Operation.Write(length(), payload, promise, fate, reaction(promise), random.nextBoolean());
    }

    private int length() {
        if (random.nextInt(15) == 0) {
            return 0;
        }
        int most = LENGTHS[random.nextInt(LENGTHS.length)];
        if (traits.contains(Trait.MESSAGES)) {
            most = Math.min(most, MAX_MESSAGE);
        }
        // A read for each byte takes its time.
        return 1 + random.nextInt(settings.receive() == Settings.Receive.ONE_BYTE ? Math.min(most, 300) : most);
    }

    private Fate fate(boolean onLoop, Payload payload, Promise promise) {
        int choice = random.nextInt(30);
        if (choice < 4 && cancels && promise != Promise.VOID) {
            return Fate.CANCELLED;
        }
        // A buffer of an allocator that recycles it would be somebody else's by the time the channel looks at it, and
        // another thread's release would take the memory from below the copy.
        boolean own = payload != Payload.ALLOCATED && payload != Payload.FILE_REGION;
        return choice == 4 && !calm && onLoop && own && promise != Promise.VOID ? Fate.RELEASED : Fate.NONE;
    }

    private Reaction reaction(Promise promise) {
        if (promise == Promise.VOID || random.nextInt(3) != 0) {
            return Reaction.NONE;
        }
        int choice = random.nextInt(8);
        if (choice < 5 || calm) {
            return choice < 2 ? Reaction.FLUSH : Reaction.WRITE_AND_FLUSH;
        }
        return choice < 7 && traits.contains(Trait.OUTPUT_SHUTDOWN) ? Reaction.SHUT_DOWN_OUTPUT : Reaction.CLOSE;
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
