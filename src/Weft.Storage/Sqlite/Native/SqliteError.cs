namespace Weft.Storage.Sqlite.Native;

/// <summary>
/// SQLite refused a call. <paramref name="code"/> is its extended result code (https://sqlite.org/rescode.html).
/// </summary>
internal sealed class SqliteError(int code, string message) : Exception(message)
{
    public int Code { get; } = code;

    /// <summary>The low byte: the kind of error without its detail.</summary>
    public int Primary => Code & 0xFF;

    /// <summary>The file's content is invalid: no further step can be trusted.</summary>
    public bool IsDamage => Primary is SqliteNative.Corrupt or SqliteNative.NotADatabase;

    /// <summary>The store must stop: its content is invalid, or the disk failed a read, a write or a sync.</summary>
    public bool IsFatal => IsDamage || Primary == SqliteNative.IoError;
}
