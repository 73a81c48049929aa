using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>The numbers that the store assigns, each ascending from 1; written once per transaction.</summary>
internal sealed class SqliteSequences(SqliteConnection connection)
{
    public const int Tasks = 0;
    public const int Groups = 1;
    public const int Lanes = 2;
    public const int GroupFinishes = 3;
    private static readonly string[] Names = ["tasks", "groups", "lanes", "group_finishes"];

    private readonly long[] _last = new long[Names.Length];
    private readonly long[] _saved = new long[Names.Length];

    public long Next(int sequence) => ++_last[sequence];

    public void Load()
    {
        Array.Clear(_last);
        connection.Prepared(SqliteSql.SelectSequences).Each(row =>
            _last[Array.IndexOf(Names, row.Text(0))] = row.Long(1));
        _last.CopyTo(_saved, 0);
    }

    public void Save()
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (_last[i] == _saved[i]) continue;
            connection.Prepared(SqliteSql.UpsertSequence).Bind(Names[i]).Bind(_last[i]).Run();
            _saved[i] = _last[i];
        }
    }
}
