using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Weft.Storage.Engine;
using Weft.Storage.Postgres;
using Weft.Storage.Sqlite;
using Weft.Storage.Statements;

namespace Weft.Storage.Tests.Engine;

/// <summary>The statements that both engines understand, or that are asked in the same way of both.</summary>
public sealed partial class StoreSqlTests
{
    [Fact]
    public void Parameters_AreNumberedInTheOrderInWhichTheyAreNamed()
    {
        // SQLite takes $2 for a name: a parameter is the second one if it is the second to be named.
        var statements =
            Constants(typeof(StoreSql), null).Concat(Constants(typeof(EngineSql), SqliteSql.Own))
                .Concat(Constants(typeof(EngineSql), PostgresSql.Own))
                .Concat(LookedAt.Pages(SqliteSql.Own)).Concat(LookedAt.Pages(PostgresSql.Own));
        Assert.All(statements, static sql =>
        {
            var named = Parameter().Matches(sql)
                .Select(static match => int.Parse(match.ValueSpan[1..], CultureInfo.InvariantCulture)).Distinct();
            Assert.Equal(Enumerable.Range(1, named.Count()), named);
        });
    }

    private static IEnumerable<string> Constants(Type type, object? of) => of is null
        ? type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(static field => (string)field.GetValue(null)!)
        : type.GetProperties().Where(static property => property.PropertyType == typeof(string))
            .Select(property => (string)property.GetValue(of)!);

    [GeneratedRegex(@"\$\d+")]
    private static partial Regex Parameter();
}
