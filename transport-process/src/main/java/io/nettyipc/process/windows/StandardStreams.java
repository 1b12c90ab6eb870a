/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.windows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.nettyipc.base.os.CRuntime;
import io.nettyipc.base.os.JavaDescriptor;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.NtDll;
import io.nettyipc.base.os.Win32Error;
import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * This process's standard input and output, taken over from the rest of it: handles that nobody else has, also no
 * child.
 *
 * <p>Three parts of a process know its standard handles: Win32 ({@code GetStdHandle}), each C runtime (descriptors 0
 * and 1, where the JVM's own messages and those of native libraries go), and {@link FileDescriptor}. All get others: an
 * input that is empty, and standard error as the output.
 */
record StandardStreams(Stream input, Stream output) {

    /** A stream, with what it is and whether its calls need an {@code OVERLAPPED}. */
    record Stream(long handle, Kind kind, boolean overlapped) {}

    enum Kind {
        /** Where reading nothing isn't the end: somebody wrote nothing. */
        PIPE,
        /** A console, or a device like {@code NUL}. */
        CHARACTERS,
        /** A file or a socket. */
        OTHER
    }

    private static final AtomicBoolean TAKEN = new AtomicBoolean();

    /** The buffer of {@code System.in} has this size. */
    private static final int MAX_READ_AHEAD = 8192;

    /** Works once in the life of a process. */
    static StandardStreams takeOver() throws IOException {
        if (!TAKEN.compareAndSet(false, true)) {
            throw new IOException("standard input and output have been taken over by another channel of this process");
        }
        Stream ownInput = null;
        Stream ownOutput = null;
        boolean given = false;
        try {
            long input = require(Kernel32.STD_INPUT_HANDLE, "standard input");
            long output = require(Kernel32.STD_OUTPUT_HANDLE, "standard output");
            System.out.flush();
            ownInput = describe(duplicate(input, false));
            ownOutput = describe(duplicate(output, false));
            given = true;
            giveAway(input, output, Kernel32.GetStdHandle(Kernel32.STD_ERROR_HANDLE));
            return new StandardStreams(ownInput, ownOutput);
        } catch (Throwable t) {
            close(ownInput);
            close(ownOutput);
            // As long as nothing has changed for the others in this process, another attempt is free to try.
            TAKEN.set(given);
            throw t;
        }
    }

    /**
     * What {@code System.in} had read ahead, to be called once its file is empty. Nobody may be reading from it.
     *
     * @return null if there is nothing
     */
    static ByteBuf readAhead(ByteBufAllocator allocator) throws IOException {
        InputStream in = System.in;
        // Another one than the JDK's need not have to do with standard input.
        if (in == null || in.getClass() != BufferedInputStream.class) {
            return null;
        }
        int length;
        try {
            length = in.available();
        } catch (IOException e) {
            // The JDK asks NUL as it asks a console; its end can be read all the same.
            length = MAX_READ_AHEAD;
        }
        ByteBuf bytes = allocator.directBuffer(Math.max(1, length));
        try {
            // One by one: a read of more would ask the file too what it has.
            for (int value; bytes.readableBytes() < length && (value = in.read()) >= 0; ) {
                bytes.writeByte(value);
            }
        } catch (Throwable t) {
            bytes.release();
            throw t;
        }
        if (bytes.isReadable()) {
            return bytes;
        }
        bytes.release();
        return null;
    }

    private static void close(Stream stream) {
        if (stream != null) {
            Kernel32.CloseHandle(stream.handle);
        }
    }

    private static boolean isHandle(long handle) {
        return handle != 0 && handle != Kernel32.INVALID_HANDLE_VALUE;
    }

    private static long require(int stream, String name) throws IOException {
        long handle = Kernel32.GetStdHandle(stream);
        if (!isHandle(handle)) {
            throw new IOException(name + " is closed");
        }
        return handle;
    }

    private static long duplicate(long handle, boolean inherit) throws IOException {
        long[] duplicate = new long[1];
        if (!Kernel32.DuplicateHandle(
                Kernel32.CURRENT_PROCESS,
                handle,
                Kernel32.CURRENT_PROCESS,
                duplicate,
                0,
                inherit,
                Kernel32.DUPLICATE_SAME_ACCESS)) {
            throw new IOException(Win32Error.last().describe("DuplicateHandle of a standard handle"));
        }
        return duplicate[0];
    }

    private static Stream describe(long handle) throws IOException {
        int[] mode = {NtDll.FILE_SYNCHRONOUS_IO};
        // An old console, which is no file, leaves it so.
        NtDll.NtQueryInformationFile(handle, new long[2], mode, Integer.BYTES, NtDll.FILE_MODE_INFORMATION);
        boolean overlapped = (mode[0] & NtDll.FILE_SYNCHRONOUS_IO) == 0;
        int type = Kernel32.GetFileType(handle);
        if (overlapped && type == Kernel32.FILE_TYPE_DISK) {
            Kernel32.CloseHandle(handle);
            throw new IOException("a standard stream is a file that was opened for overlapped operations");
        }
        Kind kind = Kind.OTHER;
        if (type == Kernel32.FILE_TYPE_CHAR) {
            kind = Kind.CHARACTERS;
        } else if (Kernel32.GetNamedPipeInfo(handle, null, null, null, null)) {
            kind = Kind.PIPE;
        }
        return new Stream(handle, kind, overlapped);
    }

    private static void giveAway(long input, long output, long error) throws IOException {
        long empty = openNul(Kernel32.GENERIC_READ);
        long elsewhere = isHandle(error) ? duplicate(error, true) : openNul(Kernel32.GENERIC_WRITE);
        // A C runtime closes what it had: two of them the same handle, which may be somebody else's by then.
        protect(input, Kernel32.HANDLE_FLAG_PROTECT_FROM_CLOSE);
        protect(output, Kernel32.HANDLE_FLAG_PROTECT_FROM_CLOSE);
        try {
            JavaDescriptor.setHandle(FileDescriptor.in, empty);
            JavaDescriptor.setHandle(FileDescriptor.out, elsewhere);
            for (CRuntime runtime : CRuntime.loaded()) {
                runtime.replace(0, duplicate(empty, true));
                runtime.replace(1, duplicate(elsewhere, true));
            }
            Kernel32.SetStdHandle(Kernel32.STD_INPUT_HANDLE, empty);
            Kernel32.SetStdHandle(Kernel32.STD_OUTPUT_HANDLE, elsewhere);
        } finally {
            protect(input, 0);
            protect(output, 0);
        }
        // Not after a failure: somebody may still have them.
        if (input != error) {
            Kernel32.CloseHandle(input);
        }
        if (output != error && output != input) {
            Kernel32.CloseHandle(output);
        }
    }

    private static void protect(long handle, int flag) {
        Kernel32.SetHandleInformation(handle, Kernel32.HANDLE_FLAG_PROTECT_FROM_CLOSE, flag);
    }

    private static long openNul(int access) throws IOException {
        long handle = Kernel32.CreateFile("NUL", access, Kernel32.FILE_SHARE_READ | Kernel32.FILE_SHARE_WRITE, 0);
        if (handle == Kernel32.INVALID_HANDLE_VALUE) {
            throw new IOException(Win32Error.last().describe("CreateFile of NUL"));
        }
        return handle;
    }
}
