using System.Globalization;
using Weft.Core.Tasks;
using Weft.Storage.Engine;

namespace Weft.Storage.Tests.Engine;

/// <summary>What SQL knows of states, held against the states themselves.</summary>
public sealed class StateSqlTests
{
    [Fact]
    public void Numbers_AreThoseOfTheStates() => Assert.Equal(
        [.. TaskStates.All.ToArray().Select(Number)],
        [
            StateSql.Scheduled, StateSql.Ready, StateSql.Leased, StateSql.Completed, StateSql.Dead, StateSql.Cancelled,
            StateSql.Checking,
        ]);

    [Fact]
    public void All_IsEveryState()
    {
        Assert.Equal(Enum.GetValues<TaskState>(), TaskStates.All.ToArray());
        Assert.Equal(TaskStates.Count, TaskStates.All.Length);
        Assert.Equal(StateSql.All, Set(static _ => true));
    }

    [Fact]
    public void Unfinished_AreThoseThatAreNotFinal()
    {
        Assert.Equal(TaskStates.All.ToArray().Where(static state => !state.IsFinal), TaskStates.Unfinished.ToArray());
        Assert.Equal(StateSql.Unfinished, Set(static state => !state.IsFinal));
        Assert.Equal(StateSql.Final, Set(static state => state.IsFinal));
        Assert.Equal(StateSql.UnfinishedSum, string.Join(" + ", TaskStates.Unfinished.ToArray().Select(Column)));
    }

    [Fact]
    public void Columns_AreTheStatesNamesInOrder()
    {
        Assert.Equal(StateSql.Columns, string.Join(", ", TaskStates.All.ToArray().Select(Column)));
        Assert.Equal(StateSql.Sum, string.Join(" + ", TaskStates.All.ToArray().Select(Column)));
    }

    private static string Set(Func<TaskState, bool> isIn) =>
        $"({string.Join(", ", TaskStates.All.ToArray().Where(isIn).Select(Number))})";

    private static string Number(TaskState state) => ((int)state).ToString(CultureInfo.InvariantCulture);

    private static string Column(TaskState state) => state.ToString().ToLowerInvariant();
}
