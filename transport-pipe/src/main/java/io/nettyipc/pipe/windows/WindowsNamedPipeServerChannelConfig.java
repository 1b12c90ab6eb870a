/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.util.internal.ObjectUtil;
import io.nettyipc.base.channel.SocketOptions;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.pipe.NamedPipeAccess;
import io.nettyipc.pipe.NamedPipeChannelOption;
import io.nettyipc.pipe.NamedPipeMode;
import io.nettyipc.pipe.NamedPipeSecurity;
import io.nettyipc.pipe.NamedPipeServerChannelConfig;
import java.util.Map;

/** The configuration of a {@link WindowsNamedPipeServerChannel}. */
final class WindowsNamedPipeServerChannelConfig extends DefaultChannelConfig implements NamedPipeServerChannelConfig {

    private static final int MAX_INSTANCES = 254;
    private static final int MAX_BACKLOG = 64;
    private static final int DEFAULT_PENDING_INSTANCES = 16;
    private static final int DEFAULT_QUOTA = 64 * 1024;

    private volatile int pendingInstances = DEFAULT_PENDING_INSTANCES;
    private volatile int maxInstances = Kernel32.PIPE_UNLIMITED_INSTANCES;
    private volatile int inQuota = DEFAULT_QUOTA;
    private volatile int outQuota = DEFAULT_QUOTA;
    private volatile boolean firstInstance = true;
    private volatile boolean rejectRemote = true;
    private volatile NamedPipeSecurity security = NamedPipeSecurity.CURRENT_USER;
    private volatile NamedPipeAccess access = NamedPipeAccess.DUPLEX;
    private volatile NamedPipeMode type = NamedPipeMode.BYTE;

    WindowsNamedPipeServerChannelConfig(WindowsNamedPipeServerChannel channel) {
        super(channel, new ServerChannelRecvByteBufAllocator());
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(
                super.getOptions(),
                ChannelOption.SO_BACKLOG,
                NamedPipeChannelOption.PIPE_PENDING_INSTANCES,
                NamedPipeChannelOption.PIPE_MAX_INSTANCES,
                NamedPipeChannelOption.PIPE_IN_QUOTA,
                NamedPipeChannelOption.PIPE_OUT_QUOTA,
                NamedPipeChannelOption.PIPE_FIRST_INSTANCE,
                NamedPipeChannelOption.PIPE_REJECT_REMOTE,
                NamedPipeChannelOption.PIPE_SECURITY,
                NamedPipeChannelOption.PIPE_ACCESS,
                NamedPipeChannelOption.PIPE_TYPE);
    }

    @SuppressWarnings("unchecked")
    @Override
    public <T> T getOption(ChannelOption<T> option) {
        if (option == ChannelOption.SO_BACKLOG) {
            return (T) Integer.valueOf(getPendingInstances());
        }
        if (option == NamedPipeChannelOption.PIPE_PENDING_INSTANCES) {
            return (T) Integer.valueOf(getPendingInstances());
        }
        if (option == NamedPipeChannelOption.PIPE_MAX_INSTANCES) {
            return (T) Integer.valueOf(getMaxInstances());
        }
        if (option == NamedPipeChannelOption.PIPE_IN_QUOTA) {
            return (T) Integer.valueOf(getInQuota());
        }
        if (option == NamedPipeChannelOption.PIPE_OUT_QUOTA) {
            return (T) Integer.valueOf(getOutQuota());
        }
        if (option == NamedPipeChannelOption.PIPE_FIRST_INSTANCE) {
            return (T) Boolean.valueOf(isFirstInstance());
        }
        if (option == NamedPipeChannelOption.PIPE_REJECT_REMOTE) {
            return (T) Boolean.valueOf(isRejectRemote());
        }
        if (option == NamedPipeChannelOption.PIPE_SECURITY) {
            return (T) getSecurity();
        }
        if (option == NamedPipeChannelOption.PIPE_ACCESS) {
            return (T) getAccess();
        }
        if (option == NamedPipeChannelOption.PIPE_TYPE) {
            return (T) getType();
        }
        return super.getOption(option);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        if (option == ChannelOption.SO_BACKLOG) {
            // Frameworks set it blindly to hundreds; each pending instance costs the kernel and us something.
            setPendingInstances(Math.max(1, Math.min(MAX_BACKLOG, (Integer) value)));
        } else if (option == NamedPipeChannelOption.PIPE_PENDING_INSTANCES) {
            setPendingInstances((Integer) value);
        } else if (option == NamedPipeChannelOption.PIPE_MAX_INSTANCES) {
            setMaxInstances((Integer) value);
        } else if (option == NamedPipeChannelOption.PIPE_IN_QUOTA) {
            setInQuota((Integer) value);
        } else if (option == NamedPipeChannelOption.PIPE_OUT_QUOTA) {
            setOutQuota((Integer) value);
        } else if (option == NamedPipeChannelOption.PIPE_FIRST_INSTANCE) {
            setFirstInstance((Boolean) value);
        } else if (option == NamedPipeChannelOption.PIPE_REJECT_REMOTE) {
            setRejectRemote((Boolean) value);
        } else if (option == NamedPipeChannelOption.PIPE_SECURITY) {
            setSecurity((NamedPipeSecurity) value);
        } else if (option == NamedPipeChannelOption.PIPE_ACCESS) {
            setAccess((NamedPipeAccess) value);
        } else if (option == NamedPipeChannelOption.PIPE_TYPE) {
            setType((NamedPipeMode) value);
        } else {
            return super.setOption(option, value) || SocketOptions.isMeaningless(option);
        }
        return true;
    }

    @Override
    public int getPendingInstances() {
        return pendingInstances;
    }

    @Override
    public NamedPipeServerChannelConfig setPendingInstances(int pendingInstances) {
        this.pendingInstances = ObjectUtil.checkInRange(pendingInstances, 1, MAX_INSTANCES, "pendingInstances");
        return this;
    }

    @Override
    public int getMaxInstances() {
        return maxInstances;
    }

    @Override
    public NamedPipeServerChannelConfig setMaxInstances(int maxInstances) {
        this.maxInstances = ObjectUtil.checkInRange(maxInstances, 1, Kernel32.PIPE_UNLIMITED_INSTANCES, "maxInstances");
        return this;
    }

    @Override
    public int getInQuota() {
        return inQuota;
    }

    @Override
    public NamedPipeServerChannelConfig setInQuota(int inQuota) {
        this.inQuota = ObjectUtil.checkPositiveOrZero(inQuota, "inQuota");
        return this;
    }

    @Override
    public int getOutQuota() {
        return outQuota;
    }

    @Override
    public NamedPipeServerChannelConfig setOutQuota(int outQuota) {
        this.outQuota = ObjectUtil.checkPositiveOrZero(outQuota, "outQuota");
        return this;
    }

    @Override
    public boolean isFirstInstance() {
        return firstInstance;
    }

    @Override
    public NamedPipeServerChannelConfig setFirstInstance(boolean firstInstance) {
        this.firstInstance = firstInstance;
        return this;
    }

    @Override
    public boolean isRejectRemote() {
        return rejectRemote;
    }

    @Override
    public NamedPipeServerChannelConfig setRejectRemote(boolean rejectRemote) {
        this.rejectRemote = rejectRemote;
        return this;
    }

    @Override
    public NamedPipeSecurity getSecurity() {
        return security;
    }

    @Override
    public NamedPipeServerChannelConfig setSecurity(NamedPipeSecurity security) {
        this.security = ObjectUtil.checkNotNull(security, "security");
        return this;
    }

    @Override
    public NamedPipeAccess getAccess() {
        return access;
    }

    @Override
    public NamedPipeServerChannelConfig setAccess(NamedPipeAccess access) {
        this.access = ObjectUtil.checkNotNull(access, "access");
        return this;
    }

    @Override
    public NamedPipeMode getType() {
        return type;
    }

    @Override
    public NamedPipeServerChannelConfig setType(NamedPipeMode type) {
        this.type = ObjectUtil.checkNotNull(type, "type");
        return this;
    }

    @Override
    protected void autoReadCleared() {
        ((WindowsNamedPipeServerChannel) channel).clearReadPending();
    }
}
