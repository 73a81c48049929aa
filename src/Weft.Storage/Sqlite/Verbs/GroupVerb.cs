using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Storage.Sqlite.Verbs;

/// <summary>Makes groups.</summary>
internal static class GroupVerb
{
    public static GroupId Create(SqliteUnit unit, string? name, TokenId? owner)
    {
        var id = unit.NextGroupId();
        unit.Prepared(SqliteSql.InsertGroup).Bind(id.Value).Bind(name).Bind(unit.Now.ToUnixTimeMilliseconds()).Bind(owner?.Value).Run();
        return id;
    }
}
