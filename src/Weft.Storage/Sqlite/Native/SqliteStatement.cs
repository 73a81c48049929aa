using System.Buffers;
using System.Text;
using Weft.Storage.Engine;
using static Weft.Storage.Sqlite.Native.SqliteNative;

namespace Weft.Storage.Sqlite.Native;

/// <summary>
/// A prepared statement. Parameters are bound in order by <c>Bind</c> (the first call binds ?1), rows are read by
/// column from 0. <see cref="Reset"/> prepares it for the next use; <see cref="Run"/> does so automatically.
/// </summary>
internal sealed unsafe class SqliteStatement(SqliteConnection connection, nint handle) : IParameters, IDisposable
{
    private const int TextBytesOnStack = 512;

    // SQLite copies smaller values; copying larger ones costs more than pinning them until the end of the run.
    private const int CopiedBytesMax = 32 << 10;
    private int _bound;
    private MemoryHandle _held;

    public SqliteStatement Bind(long value)
    {
        connection.Check(sqlite3_bind_int64(handle, ++_bound, value));
        return this;
    }

    public SqliteStatement Bind(long? value) => value is { } known ? Bind(known) : BindNull();

    public SqliteStatement Bind(double? value)
    {
        if (value is not { } known) return BindNull();
        connection.Check(sqlite3_bind_double(handle, ++_bound, known));
        return this;
    }

    public SqliteStatement Bind(string? value)
    {
        if (value is null) return BindNull();
        var bytesMax = Encoding.UTF8.GetMaxByteCount(value.Length);
        var buffer = bytesMax <= TextBytesOnStack ? stackalloc byte[TextBytesOnStack] : new byte[bytesMax];
        var length = Encoding.UTF8.GetBytes(value, buffer);
        fixed (byte* text = buffer) connection.Check(sqlite3_bind_text(handle, ++_bound, text, length, Transient));
        return this;
    }

    /// <summary>The bytes must not change until the statement has run.</summary>
    public SqliteStatement Bind(ReadOnlyMemory<byte> value)
    {
        if (value.Length > CopiedBytesMax && _held.Pointer == null)
        {
            _held = value.Pin();
            connection.Check(
                sqlite3_bind_blob(handle, ++_bound, (byte*)_held.Pointer, value.Length, destructor: Static));
            return this;
        }

        // An empty span has a null address, which SQLite would treat as NULL.
        byte none = 0;
        fixed (byte* bytes = value.Span) connection.Check(
            sqlite3_bind_blob(handle, ++_bound, bytes == null ? &none : bytes, value.Length, Transient));
        return this;
    }

    public SqliteStatement Bind(ReadOnlyMemory<byte>? value) => value is { } known ? Bind(known) : BindNull();

    IParameters IParameters.With(long? value) => Bind(value);

    IParameters IParameters.With(string? value) => Bind(value);

    IParameters IParameters.With(ReadOnlyMemory<byte>? value) => Bind(value);

    /// <summary>Moves to the next row; false if there is none.</summary>
    public bool Step()
    {
        var code = sqlite3_step(handle);
        if (code == Row) return true;
        if (code == Done) return false;
        Reset();
        connection.Check(code);
        return false;
    }

    /// <summary>Runs a statement that returns no rows.</summary>
    public void Run()
    {
        Step();
        Reset();
    }

    /// <summary>Whether it returns a row.</summary>
    public bool GivesRow()
    {
        var row = Step();
        Reset();
        return row;
    }

    /// <summary>The first column of the first row; 0 if there is none.</summary>
    public long ReadLong()
    {
        var value = Step() ? Long(0) : 0;
        Reset();
        return value;
    }

    public void Reset()
    {
        _ = sqlite3_reset(handle);
        _bound = 0;
        if (_held.Pointer != null) LetGo();
    }

    public long Long(int column) => sqlite3_column_int64(handle, column);

    public int Int(int column) => (int)sqlite3_column_int64(handle, column);

    public double Double(int column) => sqlite3_column_double(handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(Span(column));

    public byte[] Blob(int column) => Span(column).ToArray();

    /// <summary>Copies a blob, which must fit; returns its length.</summary>
    public int Copy(int column, Span<byte> into)
    {
        var blob = Span(column);
        blob.CopyTo(into);
        return blob.Length;
    }

    /// <summary>How many bytes a blob has; 0 for NULL.</summary>
    public int BlobBytes(int column) => sqlite3_column_bytes(handle, column);

    public bool IsNull(int column) => sqlite3_column_type(handle, column) == 5;

    public void Dispose()
    {
        _ = sqlite3_finalize(handle);
        LetGo();
    }

    private void LetGo()
    {
        _held.Dispose();
        _held = default;
    }

    private SqliteStatement BindNull()
    {
        connection.Check(sqlite3_bind_null(handle, ++_bound));
        return this;
    }

    private ReadOnlySpan<byte> Span(int column) =>
        new(sqlite3_column_blob(handle, column), sqlite3_column_bytes(handle, column));
}
