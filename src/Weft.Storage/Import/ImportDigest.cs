using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Weft.Storage.Import;

/// <summary>
/// The SHA-256 of tasks in the order of their ids, including all their stored data. Bodies are replaced by their own
/// SHA-256, so that a server can be asked for 32 bytes instead of a payload.
/// </summary>
internal sealed class ImportDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> _row = new(1_024);

    /// <param name="task">The next task, column by column.</param>
    /// <param name="bodiesAreHashes">Whether its bodies are already hashed.</param>
    public void Add(object?[] task, bool bodiesAreHashes)
    {
        _row.ResetWrittenCount();
        Put(task, bodiesAreHashes);
        _hash.AppendData(_row.WrittenSpan);
    }

    /// <summary>Returns it as hex, and starts over.</summary>
    public string Take() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    private void Put(object?[] columns, bool bodiesAreHashes)
    {
        foreach (var value in columns)
        {
            Put(value is null ? 0L : 1L);
            if (value is string text) Put(text);
            else if (value is byte[] body) Put(body, bodiesAreHashes);
            else if (value is object?[][] rows) Put(rows, bodiesAreHashes);
            else if (value is double number) Put(BitConverter.DoubleToInt64Bits(number));
            else if (value is not null) Put(Convert.ToInt64(value, CultureInfo.InvariantCulture));
        }
    }

    private void Put(object?[][] rows, bool bodiesAreHashes)
    {
        Put((long)rows.Length);
        foreach (var row in rows) Put(row, bodiesAreHashes);
    }

    private void Put(long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_row.GetSpan(sizeof(long)), number);
        _row.Advance(sizeof(long));
    }

    private void Put(string text)
    {
        Put((long)Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, _row);
    }

    private void Put(byte[] body, bool isHash)
    {
        if (isHash)
        {
            _row.Write(body);
            return;
        }

        SHA256.HashData(body, _row.GetSpan(SHA256.HashSizeInBytes));
        _row.Advance(SHA256.HashSizeInBytes);
    }
}
