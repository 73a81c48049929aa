using static Weft.Cli.Modules.Engine.WasiErrno;

namespace Weft.Cli.Modules.Engine;

/// <summary>
/// WASI preview 1 for a command with stdin, stdout, stderr and possibly files, equivalent to the worker page's
/// (wasi.js): the same numbers, limits and words. It serves one run after another. Source:
/// https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md.
/// </summary>
internal sealed partial class Wasi : IDisposable
{
    private static readonly object Stdin = new(), Stdout = new(), Stderr = new();
    private const ulong RightRead = 1 << 1, RightWrite = 1 << 6, RightPoll = 1 << 27;

    private readonly WasiClock _clock;
    private readonly WasiOutput _stdout;
    private readonly int _stdoutBytesMax;
    private readonly WasiTail _stderr = new();

    // The target of each descriptor: a stream, a WasiOpenFile, or none.
    private readonly List<object?> _streams = [];
    private ReadOnlyMemory<byte> _stdin;
    private int _read;
    private byte[][] _arguments = [];
    private byte[][] _environment = [];

    public Wasi(TimeProvider time, int stdoutBytesMax)
    {
        _clock = new(time);
        _stdoutBytesMax = stdoutBytesMax;
        _stdout = new(stdoutBytesMax);
    }

    public WasiMemory Memory { get; } = new();

    public ReadOnlySpan<byte> Output => _stdout.Bytes;

    public string Errors => _stderr.Text;

    /// <summary>Whether the module named a file.</summary>
    public bool AskedForFiles { get; private set; }

    /// <summary>Set once; the first value is kept.</summary>
    public WasiEnd? End { get; set; }

    /// <summary>Resets the state for the next run.</summary>
    /// <param name="stdin">The whole input.</param>
    /// <param name="arguments">Each ends with NUL.</param>
    /// <param name="environment">Each <c>NAME=text</c> and NUL.</param>
    /// <param name="isFixed">Clock and random bytes are the same in every run.</param>
    /// <param name="files">Null for none.</param>
    public void Reset(
        ReadOnlyMemory<byte> stdin, byte[][] arguments, byte[][] environment, bool isFixed, WasiFileTree? files)
    {
        (_stdin, _read, _arguments, _environment, _files) = (stdin, 0, arguments, environment, files);
        (AskedForFiles, End) = (false, null);
        _streams.Clear();
        _streams.AddRange([Stdin, Stdout, Stderr]);
        if (files is not null)
        {
            files.Now = RealTime;
            _streams.Add(new WasiOpenFile(files.Root) { IsRoot = true, Rights = RightsOfFolders });
        }

        _clock.Reset(isFixed);
        _stdout.Reset();
        _stderr.Reset();
        Memory.Forget();
    }

    public void Dispose() => _clock.Dispose();

    private bool IsOpen(uint descriptor) => StreamOf(descriptor) is not null;

    private object? StreamOf(uint descriptor) => descriptor < _streams.Count ? _streams[(int)descriptor] : null;

    private int PutSizes(byte[][] strings, uint count, uint size)
    {
        Memory.Put(count, (uint)strings.Length);
        Memory.Put(size, (uint)strings.Sum(static each => each.Length));
        return Success;
    }

    private int PutStrings(byte[][] strings, uint pointers, uint text)
    {
        foreach (var each in strings)
        {
            Memory.Put(pointers, text);
            each.CopyTo(Memory.Bytes(text, (uint)each.Length));
            pointers += 4;
            text += (uint)each.Length;
        }

        return Success;
    }

    private int PutTime(uint target, long? nanoseconds)
    {
        if (nanoseconds is not { } known) return Invalid;
        Memory.Put(target, (ulong)known);
        return Success;
    }

    private int FillRandom(uint address, uint length)
    {
        Memory.Check(address, length);
        for (ulong done = 0; done < length; done += int.MaxValue)
        {
            _clock.Fill(Memory.Bytes((uint)(address + done), (uint)(length - done)));
        }

        return Success;
    }

    private int Close(uint descriptor)
    {
        if (!IsOpen(descriptor)) return BadDescriptor;
        if (FileOf(descriptor) is { IsRoot: false } file) _files!.Close(file.Node);
        _streams[(int)descriptor] = null;
        return Success;
    }

    private int Renumber(uint from, uint to)
    {
        if (StreamOf(from) is not { } stream || !IsOpen(to)) return BadDescriptor;
        if (from == to) return Success;
        Close(to);
        _streams[(int)from] = null;
        _streams[(int)to] = stream;
        return Success;
    }

    private int Read(uint descriptor, uint vectors, uint count, uint target)
    {
        if (FileOf(descriptor) is { } file) return ReadFile(file, vectors, count, offset: null, target);
        if (StreamOf(descriptor) != Stdin) return BadDescriptor;
        var start = _read;
        for (uint i = 0; i < count; i++)
        {
            var space = Vector(vectors, i);
            var piece = _stdin.Span.Slice(_read, Math.Min(space.Length, _stdin.Length - _read));
            piece.CopyTo(space);
            _read += piece.Length;
        }

        Memory.Put(target, (uint)(_read - start));
        return Success;
    }

    private int Write(uint descriptor, uint vectors, uint count, uint target)
    {
        var stream = StreamOf(descriptor);
        if (stream is WasiOpenFile file) return WriteFile(file, vectors, count, offset: null, target);
        if (stream != Stdout && stream != Stderr) return BadDescriptor;
        var written = 0u;
        for (uint i = 0; i < count; i++)
        {
            var piece = Vector(vectors, i);
            if (stream == Stderr) _stderr.Write(piece);
            else if (!_stdout.TryWrite(piece))
            {
                throw new WasiEndException(new(null, $"The module’s output is over {_stdoutBytesMax} bytes."));
            }
            written += (uint)piece.Length;
        }

        Memory.Put(target, written);
        return Success;
    }

    private Span<byte> Vector(uint vectors, uint index)
    {
        var place = unchecked(vectors + (8 * index));
        Memory.Check(place, 8);
        return Memory.Bytes(Memory.Number(place), Memory.Number(place + 4));
    }

    // Of unknown type, like a pipe: with a character device, the program would assume a terminal and write line by
    // line.
    private int PutDescriptorState(uint descriptor, uint target)
    {
        if (StreamOf(descriptor) is not { } stream) return BadDescriptor;
        Memory.Bytes(target, 24).Clear();
        if (stream is WasiOpenFile file)
        {
            Memory.Bytes(target, 1)[0] = file.Node.Type;
            Memory.Bytes(target + 2, 1)[0] = (byte)file.Flags;
            Memory.Put(target + 8, file.Rights);
            Memory.Put(target + 16, RightsAll);
            return Success;
        }

        Memory.Put(target + 8, (stream == Stdin ? RightRead : RightWrite) | RightPoll);
        return Success;
    }

    private int PutFileState(uint descriptor, uint target)
    {
        if (!IsOpen(descriptor)) return BadDescriptor;
        if (FileOf(descriptor) is { } file) return PutState(file.Node, target);
        Memory.Bytes(target, 64).Clear();
        return Success;
    }
}
