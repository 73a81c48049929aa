using System.Buffers.Binary;
using static Weft.Cli.Modules.Engine.WasiErrno;

namespace Weft.Cli.Modules.Engine;

/// <content>Waiting for clocks and streams.</content>
internal sealed partial class Wasi
{
    private const int SubscriptionBytes = 48, EventBytes = 32;
    private const byte ClockEvent = 0, ReadEvent = 1, WriteEvent = 2;
    private const int IsAbsolute = 1;
    private const uint SubscriptionsMax = 4_096;
    private const ulong WritableBytes = 65_536;

    private int Poll(uint subscriptions, uint events, uint count, uint target)
    {
        if (count is 0 or > SubscriptionsMax) return Invalid;
        Memory.Check(subscriptions, SubscriptionBytes * count);
        Memory.Check(events, EventBytes * count);
        var asked = new List<WasiEvent>((int)count);
        for (uint i = 0; i < count; i++)
        {
            var subscription = Memory.Bytes(subscriptions + (SubscriptionBytes * i), SubscriptionBytes);
            if (Subscription(subscription) is not { } each) return Invalid;
            asked.Add(each);
        }

        _clock.SleepUntil(asked.Min(static each => each.Due));

        var now = _clock.Now();
        var ready = 0u;
        foreach (var each in asked.Where(each => each.Due <= now)) PutEvent(events + (EventBytes * ready++), each);
        Memory.Put(target, ready);
        return Success;
    }

    // Null for an unknown kind of event.
    private WasiEvent? Subscription(ReadOnlySpan<byte> subscription)
    {
        var userdata = BinaryPrimitives.ReadUInt64LittleEndian(subscription);
        var type = subscription[8];
        if (type == ClockEvent) return Clock(subscription, userdata);
        if (type is not (ReadEvent or WriteEvent)) return null;

        // Streams are always ready: all of stdin is available, and all output is accepted.
        var stream = StreamOf(BinaryPrimitives.ReadUInt32LittleEndian(subscription[16..]));
        return stream is null || (stream == Stdin || stream is WasiOpenFile) != (type == ReadEvent)
            ? new(userdata, type, BadDescriptor, 0, 0)
            : new(userdata, type, Success, 0, stream == Stdin ? (ulong)(_stdin.Length - _read) : WritableBytes);
    }

    private WasiEvent Clock(ReadOnlySpan<byte> subscription, ulong userdata)
    {
        var time = BinaryPrimitives.ReadUInt64LittleEndian(subscription[24..]);
        var isAbsolute = (BinaryPrimitives.ReadUInt16LittleEndian(subscription[40..]) & IsAbsolute) != 0;
        var clock = BinaryPrimitives.ReadUInt32LittleEndian(subscription[16..]);
        if (_clock.Now(clock) is not { } now) return new(userdata, ClockEvent, Invalid, 0, 0);
        var due = (Int128)_clock.Now() + (isAbsolute ? (Int128)time - now : time);
        return new(userdata, ClockEvent, Success, (long)Int128.Clamp(due, long.MinValue, long.MaxValue), 0);
    }

    private void PutEvent(uint address, WasiEvent each)
    {
        var space = Memory.Bytes(address, EventBytes);
        space.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(space, each.Userdata);
        BinaryPrimitives.WriteUInt16LittleEndian(space[8..], (ushort)each.Error);
        space[10] = each.Type;
        BinaryPrimitives.WriteUInt64LittleEndian(space[16..], each.Bytes);
    }

    private readonly record struct WasiEvent(ulong Userdata, byte Type, int Error, long Due, ulong Bytes);
}
