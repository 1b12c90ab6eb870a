/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */

/*
 * The other end of a pipe or mailslot as a plain Win32 program has it: blocking calls on one handle. It does what the
 * lines of its standard input say and answers each with one line that starts with "> ".
 *
 *   serve NAME byte|message byte|message duplex|inbound|outbound MAX_INSTANCES [SDDL]      type and read mode
 *   accept                          waits for a client
 *   open NAME byte|message rw|r|w   a client with that read mode
 *   write HEX                       "-" is nothing: an empty message
 *   fill COUNT SEED                 writes COUNT bytes in one call
 *   read MAX                        "data HEX", "more HEX" if the message goes on, or "error N"
 *   sum MAX                         reads a whole message and answers its length and checksum
 *   echo COUNT                      sends back COUNT messages, whole
 *   transact HEX MAX                "data HEX", "more HEX" or "error N"
 *   call NAME HEX MAX MILLISECONDS
 *   peek                            bytes available, bytes left in this message
 *   info                            type and end flags, quotas, instances allowed and existing, read mode
 *   user                            who the client is, by impersonation
 *   flush, disconnect, close, quit
 *   mailslot NAME MAX MILLISECONDS  creates one; then read
 *   mailinfo                        longest message, next message's length, messages, read timeout
 *   post NAME HEX                   writes to a mailslot
 *
 * As "pipe-peer child WHAT" it is somebody's child instead, and does one thing with its standard streams:
 *
 *   cat                             copies input to output
 *   silent                          nothing, for ever
 *   deaf                            says so, and never reads
 *   close-input                     closes its input and goes on writing
 *   close-output FILE               closes its output and copies its input to a file
 *   flood COUNT                     writes so many bytes to standard error, then "done" to its output
 *   arguments ANYTHING...           writes each argument's bytes in hex, as the C runtime has it and as CommandLineToArgvW has it
 *   where VARIABLE                  writes its directory and a variable of its environment
 *   overlapped COMMAND...           runs a command whose standard input and output are pipes for overlapped operations, and
 *                                   copies its own to and from them
 *   without-input COMMAND...        runs a command that has no standard input
 *   launch wait|leave|break-away|share COMMAND...
 *                                   runs a command that has none of its streams ("share": all) and may ask to be in no
 *                                   job, writes its process id, and waits for its end or ends ("leave", "share")
 *   console FILE COMMAND...         runs a command in a console of its own: what it reads here is typed, what is shown there
 *                                   it writes; the command's standard error is a file
 *
 * Built by .ci/windows/test with Debian's mingw-w64, or by the tests themselves where a gcc for Windows is on the path.
 */
#define _WIN32_WINNT 0x0601
#include <windows.h>
#include <sddl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LINE = 4 << 20, MAX_ARGS = 8 };

static HANDLE handle = INVALID_HANDLE_VALUE;
static char line[MAX_LINE];
static unsigned char bytes[MAX_LINE];
static char hex[2 * MAX_LINE + 1];

static void failed(void) {
    printf("> error %lu\n", GetLastError());
}

static void answer(BOOL success) {
    if (success) {
        printf("> ok\n");
    } else {
        failed();
    }
}

static DWORD from_hex(const char *text, unsigned char *target) {
    DWORD length = 0;
    for (; text[0] > ' ' && text[0] != '-' && text[1] > ' '; text += 2) {
        unsigned value = 0;
        sscanf(text, "%2x", &value);
        target[length++] = (unsigned char) value;
    }
    return length;
}

static const char *to_hex(DWORD length) {
    static const char digits[] = "0123456789abcdef";
    for (DWORD i = 0; i < length; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    hex[2 * length] = 0;
    return length ? hex : "-";
}

/* What a call that reads has brought. */
static void answer_data(BOOL success, DWORD length) {
    if (success) {
        printf("> data %s\n", to_hex(length));
    } else if (GetLastError() == ERROR_MORE_DATA) {
        printf("> more %s\n", to_hex(length));
    } else {
        failed();
    }
}

static DWORD mode(const char *text) {
    return strcmp(text, "message") == 0 ? PIPE_READMODE_MESSAGE : PIPE_READMODE_BYTE;
}

static void serve(char **args, int count) {
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, FALSE};
    if (count > 6
            && !ConvertStringSecurityDescriptorToSecurityDescriptorA(
                    args[6], SDDL_REVISION_1, &attributes.lpSecurityDescriptor, NULL)) {
        failed();
        return;
    }
    DWORD access = strcmp(args[4], "inbound") == 0 ? PIPE_ACCESS_INBOUND
            : strcmp(args[4], "outbound") == 0     ? PIPE_ACCESS_OUTBOUND
                                                   : PIPE_ACCESS_DUPLEX;
    DWORD type = strcmp(args[2], "message") == 0 ? PIPE_TYPE_MESSAGE : PIPE_TYPE_BYTE;
    handle = CreateNamedPipeA(args[1], access, type | mode(args[3]), atoi(args[5]), 65536, 65536, 0,
            count > 6 ? &attributes : NULL);
    answer(handle != INVALID_HANDLE_VALUE);
    if (attributes.lpSecurityDescriptor != NULL) {
        LocalFree(attributes.lpSecurityDescriptor);
    }
}

static void open_pipe(char **args) {
    DWORD access = strcmp(args[3], "r") == 0 ? GENERIC_READ | FILE_WRITE_ATTRIBUTES
            : strcmp(args[3], "w") == 0      ? GENERIC_WRITE
                                             : GENERIC_READ | GENERIC_WRITE;
    handle = CreateFileA(args[1], access, 0, NULL, OPEN_EXISTING, SECURITY_SQOS_PRESENT | SECURITY_IMPERSONATION, NULL);
    DWORD read_mode = mode(args[2]);
    if (handle == INVALID_HANDLE_VALUE
            || (read_mode != PIPE_READMODE_BYTE && !SetNamedPipeHandleState(handle, &read_mode, NULL, NULL))) {
        failed();
    } else {
        printf("> ok\n");
    }
}

/* Reads one message to its end; -1 if that fails. */
static long read_message(DWORD max) {
    DWORD length = 0;
    for (;;) {
        DWORD part = 0;
        BOOL success = ReadFile(handle, bytes + length, min(max, MAX_LINE - length), &part, NULL);
        if (!success && GetLastError() != ERROR_MORE_DATA) {
            return -1;
        }
        length += part;
        if (success) {
            return (long) length;
        }
    }
}

static void sum(DWORD max) {
    long length = read_message(max);
    unsigned hash = 2166136261u;
    for (long i = 0; i < length; i++) {
        hash = (hash ^ bytes[i]) * 16777619u;
    }
    if (length < 0) {
        failed();
    } else {
        printf("> %ld %u\n", length, hash);
    }
}

static void echo(int count) {
    for (int i = 0; i < count; i++) {
        DWORD written;
        long length = read_message(4096);
        if (length < 0 || !WriteFile(handle, bytes, (DWORD) length, &written, NULL)) {
            failed();
            return;
        }
    }
    printf("> ok\n");
}

static void fill(DWORD count, unsigned seed) {
    DWORD written = 0;
    for (DWORD i = 0; i < count; i++) {
        bytes[i] = (unsigned char) (i * 7 + (i >> 8) + seed);
    }
    answer(WriteFile(handle, bytes, count, &written, NULL) && written == count);
}

static void info(void) {
    DWORD flags, out, in, max, state, instances;
    if (GetNamedPipeInfo(handle, &flags, &out, &in, &max)
            && GetNamedPipeHandleState(handle, &state, &instances, NULL, NULL, NULL, 0)) {
        printf("> flags %lu out %lu in %lu max %lu instances %lu state %lu\n", flags, out, in, max, instances, state);
    } else {
        failed();
    }
}

static void user(void) {
    char name[256];
    DWORD length = sizeof name;
    if (!ImpersonateNamedPipeClient(handle)) {
        failed();
        return;
    }
    BOOL known = GetUserNameA(name, &length);
    DWORD error = GetLastError();
    RevertToSelf();
    if (known) {
        printf("> user %s\n", name);
    } else {
        printf("> error %lu\n", error);
    }
}

static void post(char **args) {
    HANDLE slot = CreateFileA(args[1], GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    DWORD written;
    if (slot == INVALID_HANDLE_VALUE) {
        failed();
        return;
    }
    answer(WriteFile(slot, bytes, from_hex(args[2], bytes), &written, NULL));
    CloseHandle(slot);
}

static void mailinfo(void) {
    DWORD max, next, count, timeout;
    if (GetMailslotInfo(handle, &max, &next, &count, &timeout)) {
        printf("> max %lu next %ld count %lu timeout %ld\n", max, (long) next, count, (long) timeout);
    } else {
        failed();
    }
}

static BOOL is(const char *command, const char *name, int count, int wanted) {
    return strcmp(command, name) == 0 && count >= wanted;
}

static void obey(char **args, int count) {
    DWORD length = 0;
    if (is(args[0], "serve", count, 6)) {
        serve(args, count);
    } else if (is(args[0], "accept", count, 1)) {
        answer(ConnectNamedPipe(handle, NULL) || GetLastError() == ERROR_PIPE_CONNECTED);
    } else if (is(args[0], "open", count, 4)) {
        open_pipe(args);
    } else if (is(args[0], "write", count, 2)) {
        DWORD size = from_hex(args[1], bytes);
        answer(WriteFile(handle, bytes, size, &length, NULL) && length == size);
    } else if (is(args[0], "fill", count, 3)) {
        fill((DWORD) atol(args[1]), (unsigned) atol(args[2]));
    } else if (is(args[0], "read", count, 2)) {
        BOOL success = ReadFile(handle, bytes, (DWORD) atol(args[1]), &length, NULL);
        answer_data(success, length);
    } else if (is(args[0], "sum", count, 2)) {
        sum((DWORD) atol(args[1]));
    } else if (is(args[0], "echo", count, 2)) {
        echo(atoi(args[1]));
    } else if (is(args[0], "transact", count, 3)) {
        static unsigned char request[65536];
        DWORD size = from_hex(args[1], request);
        BOOL success = TransactNamedPipe(handle, request, size, bytes, (DWORD) atol(args[2]), &length, NULL);
        answer_data(success, length);
    } else if (is(args[0], "call", count, 5)) {
        static unsigned char request[65536];
        DWORD size = from_hex(args[2], request);
        BOOL success =
                CallNamedPipeA(args[1], request, size, bytes, (DWORD) atol(args[3]), &length, (DWORD) atol(args[4]));
        answer_data(success, length);
    } else if (is(args[0], "peek", count, 1)) {
        DWORD left = 0;
        if (PeekNamedPipe(handle, NULL, 0, NULL, &length, &left)) {
            printf("> available %lu left %lu\n", length, left);
        } else {
            failed();
        }
    } else if (is(args[0], "info", count, 1)) {
        info();
    } else if (is(args[0], "user", count, 1)) {
        user();
    } else if (is(args[0], "flush", count, 1)) {
        answer(FlushFileBuffers(handle));
    } else if (is(args[0], "disconnect", count, 1)) {
        answer(DisconnectNamedPipe(handle));
    } else if (is(args[0], "close", count, 1)) {
        answer(CloseHandle(handle));
        handle = INVALID_HANDLE_VALUE;
    } else if (is(args[0], "mailslot", count, 4)) {
        handle = CreateMailslotA(args[1], (DWORD) atol(args[2]), (DWORD) atol(args[3]), NULL);
        answer(handle != INVALID_HANDLE_VALUE);
    } else if (is(args[0], "mailinfo", count, 1)) {
        mailinfo();
    } else if (is(args[0], "post", count, 3)) {
        post(args);
    } else {
        printf("> what is \"%s\"?\n", args[0]);
    }
}

static HANDLE standard(DWORD stream) {
    return GetStdHandle(stream);
}

static void say(const char *text) {
    DWORD written;
    WriteFile(standard(STD_OUTPUT_HANDLE), text, (DWORD) strlen(text), &written, NULL);
}

/* Until the end of the one, or nobody reads the other. */
static void copy(HANDLE from, HANDLE to, unsigned char *buffer, DWORD size) {
    DWORD length, written;
    while (ReadFile(from, buffer, size, &length, NULL) && length > 0 && WriteFile(to, buffer, length, &written, NULL)) {
    }
}

static void flood(long count) {
    DWORD written = 1;
    memset(bytes, 'e', 65536);
    for (; count > 0 && written > 0; count -= (long) written) {
        if (!WriteFile(standard(STD_ERROR_HANDLE), bytes, (DWORD) min(count, 65536), &written, NULL)) {
            return;
        }
    }
    say("done");
}

static HANDLE open_inheritable(const char *name, DWORD access, DWORD disposition) {
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, TRUE};
    return CreateFileA(name, access, FILE_SHARE_READ | FILE_SHARE_WRITE, &attributes, disposition, 0, NULL);
}

static const char *command_line(int count, char **words) {
    line[0] = 0;
    for (int i = 0; i < count; i++) {
        strcat(strcat(strcat(line, "\""), words[i]), "\" ");
    }
    return line;
}

static int run(STARTUPINFOA *startup, DWORD flags, const char *command, HANDLE *process) {
    PROCESS_INFORMATION info;
    if (!CreateProcessA(NULL, (char *) command, NULL, NULL, TRUE, flags, NULL, NULL, startup, &info)) {
        fprintf(stderr, "%s: error %lu\n", command, GetLastError());
        return 0;
    }
    CloseHandle(info.hThread);
    *process = info.hProcess;
    return 1;
}

static int exit_code(HANDLE process) {
    DWORD code = 1;
    WaitForSingleObject(process, INFINITE);
    GetExitCodeProcess(process, &code);
    return (int) code;
}

/* Within the console: gives the command the console as its standard streams, which "console" can't everywhere. */
static int in_console(int count, char **args) {
    STARTUPINFOA startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
    startup.hStdInput = open_inheritable("CONIN$", GENERIC_READ | GENERIC_WRITE, OPEN_EXISTING);
    startup.hStdOutput = open_inheritable("CONOUT$", GENERIC_READ | GENERIC_WRITE, OPEN_EXISTING);
    startup.hStdError = open_inheritable(args[1], GENERIC_WRITE, CREATE_ALWAYS);
    HANDLE process;
    return run(&startup, 0, command_line(count - 2, args + 2), &process) ? exit_code(process) : 1;
}

static HANDLE typed[2];
static HANDLE shown[2];

static DWORD WINAPI type(void *unused) {
    (void) unused;
    copy(standard(STD_INPUT_HANDLE), typed[1], bytes, 4096);
    return 0;
}

/* The same with a pause, in which nothing is written: no end. */
static DWORD WINAPI feed(void *unused) {
    DWORD length, written;
    (void) unused;
    if (ReadFile(standard(STD_INPUT_HANDLE), bytes, 4096, &length, NULL)) {
        WriteFile(typed[1], bytes, length, &written, NULL);
        Sleep(1500);
        WriteFile(typed[1], bytes, 0, &written, NULL);
        copy(standard(STD_INPUT_HANDLE), typed[1], bytes, 4096);
    }
    CloseHandle(typed[1]);
    return 0;
}

static DWORD WINAPI show(void *unused) {
    static unsigned char buffer[4096];
    (void) unused;
    copy(shown[0], standard(STD_OUTPUT_HANDLE), buffer, sizeof buffer);
    return 0;
}

/* Windows 10 has pseudo consoles, and so has Wine; headers for older ones don't tell of them. */
static int console(int count, char **args, char *self) {
    typedef HRESULT(WINAPI * Create)(COORD, HANDLE, HANDLE, DWORD, void **);
    typedef void(WINAPI * Close)(void *);
    HMODULE kernel = GetModuleHandleA("kernel32");
    Create create = (Create) (void *) GetProcAddress(kernel, "CreatePseudoConsole");
    Close close = (Close) (void *) GetProcAddress(kernel, "ClosePseudoConsole");
    const DWORD_PTR attribute_pseudo_console = 0x20016;
    COORD size = {100, 30};
    void *pseudo;
    char attributes[256];
    SIZE_T length = sizeof attributes;
    STARTUPINFOEXA startup = {.StartupInfo.cb = sizeof startup, .lpAttributeList = (void *) attributes};
    if (create == NULL || !CreatePipe(&typed[0], &typed[1], NULL, 0) || !CreatePipe(&shown[0], &shown[1], NULL, 0)
            || create(size, typed[0], shown[1], 0, &pseudo) != S_OK
            || !InitializeProcThreadAttributeList(startup.lpAttributeList, 1, 0, &length)
            || !UpdateProcThreadAttribute(
                    startup.lpAttributeList, 0, attribute_pseudo_console, pseudo, sizeof pseudo, NULL, NULL)) {
        fprintf(stderr, "no pseudo console\n");
        return 1;
    }
    char *words[64] = {self, "child", "in-console"};
    for (int i = 1; i < count && i < 60; i++) {
        words[i + 2] = args[i];
    }
    HANDLE process;
    if (!run(&startup.StartupInfo, EXTENDED_STARTUPINFO_PRESENT, command_line(count + 2, words), &process)) {
        return 1;
    }
    CloseHandle(typed[0]);
    CloseHandle(shown[1]);
    CreateThread(NULL, 0, type, NULL, 0, NULL);
    HANDLE shower = CreateThread(NULL, 0, show, NULL, 0, NULL);
    int code = exit_code(process);
    close(pseudo);
    WaitForSingleObject(shower, 10000);
    return code;
}

/* ends[0] is read and ends[1] written; one of them is the command's. */
static int overlapped_pipe(HANDLE ends[2], int commands) {
    static int number;
    char name[64];
    SECURITY_ATTRIBUTES inheritable = {sizeof inheritable, NULL, TRUE};
    sprintf(name, "\\\\.\\pipe\\pipe-peer-%lu-%d", GetCurrentProcessId(), number++);
    ends[!commands] = CreateNamedPipeA(
            name, commands == 0 ? PIPE_ACCESS_OUTBOUND : PIPE_ACCESS_INBOUND, 0, 1, 65536, 65536, 0, NULL);
    ends[commands] = CreateFileA(name, commands == 0 ? GENERIC_READ : GENERIC_WRITE, 0, &inheritable, OPEN_EXISTING,
            FILE_FLAG_OVERLAPPED, NULL);
    return ends[commands] != INVALID_HANDLE_VALUE;
}

static int overlapped(int count, char **args) {
    STARTUPINFOA startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
    HANDLE process;
    if (!overlapped_pipe(typed, 0) || !overlapped_pipe(shown, 1)) {
        fprintf(stderr, "no pipe: error %lu\n", GetLastError());
        return 1;
    }
    startup.hStdInput = typed[0];
    startup.hStdOutput = shown[1];
    startup.hStdError = standard(STD_ERROR_HANDLE);
    if (!run(&startup, 0, command_line(count - 1, args + 1), &process)) {
        return 1;
    }
    CloseHandle(typed[0]);
    CloseHandle(shown[1]);
    CreateThread(NULL, 0, feed, NULL, 0, NULL);
    show(NULL);
    return exit_code(process);
}

static int without_input(int count, char **args) {
    STARTUPINFOA startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
    HANDLE process;
    startup.hStdOutput = standard(STD_OUTPUT_HANDLE);
    startup.hStdError = standard(STD_ERROR_HANDLE);
    return run(&startup, 0, command_line(count - 1, args + 1), &process) ? exit_code(process) : 1;
}

static int launch(int count, char **args) {
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION info;
    DWORD flags = strcmp(args[1], "break-away") == 0 ? CREATE_BREAKAWAY_FROM_JOB : 0;
    BOOL share = strcmp(args[1], "share") == 0;
    if (!CreateProcessA(NULL, (char *) command_line(count - 2, args + 2), NULL, NULL, share, flags, NULL, NULL,
                &startup, &info)) {
        fprintf(stderr, "%s: error %lu\n", line, GetLastError());
        return 1;
    }
    sprintf(hex, "%lu\n", info.dwProcessId);
    say(hex);
    return share || strcmp(args[1], "leave") == 0 ? 0 : exit_code(info.hProcess);
}

typedef LPWSTR *(WINAPI *to_argv)(LPCWSTR, int *);

static void arguments(int count, char **args) {
    to_argv parse = (to_argv)(void *)GetProcAddress(LoadLibraryA("shell32.dll"), "CommandLineToArgvW");
    int parsed;
    LPWSTR *wide = parse(GetCommandLineW(), &parsed);
    for (int i = 0; i < count; i++) {
        for (char *c = args[i]; *c != 0; c++) {
            printf("%02x", (unsigned char)*c);
        }
        printf(" ");
        /* Those before args are the program, "child" and "arguments". */
        for (LPWSTR c = i + 3 < parsed ? wide[i + 3] : L"?"; *c != 0; c++) {
            printf("%02x", *c);
        }
        printf("\n");
    }
    printf("%d\n", parsed - 3);
}

static int child(int count, char **args, char *self) {
    if (is(args[0], "cat", count, 1)) {
        copy(standard(STD_INPUT_HANDLE), standard(STD_OUTPUT_HANDLE), bytes, 65536);
    } else if (is(args[0], "silent", count, 1)) {
        Sleep(INFINITE);
    } else if (is(args[0], "deaf", count, 1)) {
        say("deaf");
        Sleep(INFINITE);
    } else if (is(args[0], "close-input", count, 1)) {
        CloseHandle(standard(STD_INPUT_HANDLE));
        say("closed\n");
        Sleep(500);
        say("more\n");
    } else if (is(args[0], "close-output", count, 2)) {
        HANDLE file = open_inheritable(args[1], GENERIC_WRITE, CREATE_ALWAYS);
        CloseHandle(standard(STD_OUTPUT_HANDLE));
        copy(standard(STD_INPUT_HANDLE), file, bytes, 65536);
        CloseHandle(file);
    } else if (is(args[0], "flood", count, 2)) {
        flood(atol(args[1]));
    } else if (is(args[0], "arguments", count, 1)) {
        arguments(count - 1, args + 1);
    } else if (is(args[0], "where", count, 2)) {
        char *value = getenv(args[1]);
        GetCurrentDirectoryA(MAX_PATH, line);
        say(strcat(strcat(line, "\n"), value == NULL ? "" : value));
    } else if (is(args[0], "overlapped", count, 2)) {
        return overlapped(count, args);
    } else if (is(args[0], "without-input", count, 2)) {
        return without_input(count, args);
    } else if (is(args[0], "launch", count, 3)) {
        return launch(count, args);
    } else if (is(args[0], "console", count, 3)) {
        return console(count, args, self);
    } else if (is(args[0], "in-console", count, 3)) {
        return in_console(count, args);
    } else {
        fprintf(stderr, "what is \"%s\"?\n", args[0]);
        return 1;
    }
    return 0;
}

int main(int argc, char **argv) {
    if (argc > 2 && strcmp(argv[1], "child") == 0) {
        return child(argc - 2, argv + 2, argv[0]);
    }
    while (fgets(line, sizeof line, stdin) != NULL) {
        char *args[MAX_ARGS];
        int count = 0;
        for (char *word = strtok(line, " \r\n"); word != NULL && count < MAX_ARGS; word = strtok(NULL, " \r\n")) {
            args[count++] = word;
        }
        if (count == 0) {
            continue;
        }
        if (strcmp(args[0], "quit") == 0) {
            break;
        }
        obey(args, count);
        fflush(stdout);
    }
    return 0;
}
