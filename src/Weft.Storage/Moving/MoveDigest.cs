using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Weft.Storage.Moving;

/// <summary>
/// The SHA-256 of tasks in the order of their ids, all that is stored of them included. Bodies go in as their own SHA-256, so that a
/// server can be asked for 32 bytes instead of a payload.
/// </summary>
internal sealed class MoveDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> _row = new(1_024);

    /// <param name="task">The next task.</param>
    /// <param name="bodiesAreHashes">Whether its bodies are hashed already.</param>
    public void Add(MovedTask task, bool bodiesAreHashes)
    {
        _row.ResetWrittenCount();
        foreach (var number in (ReadOnlySpan<long>)[task.Id, task.Lane, task.State, task.Priority, task.Attempt, task.Failures, task.MaxAttempts, task.LeaseMilliseconds, task.SubmittedAt, task.IsJson ? 1 : 0]) Put(number);
        foreach (var number in (ReadOnlySpan<long?>)[task.RunAt, task.ExpiresAt, task.DueAt, task.LeaseToken, task.LeaseFrom, task.LeaseUntil, task.FinishedAt, task.Group, task.GroupFinish, task.Owner, task.Module]) Put(number);
        Put(task.Progress is { } progress ? BitConverter.DoubleToInt64Bits(progress) : null);
        foreach (var text in (ReadOnlySpan<string?>)[task.LeaseWorker, task.Type, task.Error, task.Key]) Put(text);
        foreach (var body in (ReadOnlySpan<ReadOnlyMemory<byte>?>)[task.Payload, task.Result, task.Checkpoint, task.Run]) PutBody(body, bodiesAreHashes);
        _hash.AppendData(_row.WrittenSpan);
    }

    /// <summary>As hex, and begins anew.</summary>
    public string Take() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    private void Put(long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_row.GetSpan(sizeof(long)), number);
        _row.Advance(sizeof(long));
    }

    private void Put(long? number)
    {
        Put(number is null ? 0L : 1L);
        if (number is { } known) Put(known);
    }

    private void Put(string? text)
    {
        Put(text is null ? -1L : Encoding.UTF8.GetByteCount(text));
        if (text is not null) Encoding.UTF8.GetBytes(text, _row);
    }

    private void PutBody(ReadOnlyMemory<byte>? body, bool isHash)
    {
        Put(body is null ? 0L : 1L);
        if (body is not { } known) return;
        if (isHash)
        {
            _row.Write(known.Span);
            return;
        }

        SHA256.HashData(known.Span, _row.GetSpan(SHA256.HashSizeInBytes));
        _row.Advance(SHA256.HashSizeInBytes);
    }
}
