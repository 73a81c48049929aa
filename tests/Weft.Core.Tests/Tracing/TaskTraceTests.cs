using Weft.Core.Tasks;
using Weft.Core.Tracing;

namespace Weft.Core.Tests.Tracing;

/// <summary>W3C Trace Context, Level 2.</summary>
public sealed class TaskTraceTests
{
    private const string Ids = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7";

    [Theory]
    [InlineData($"00-{Ids}-01", $"00-{Ids}-01")]
    [InlineData($"00-{Ids}-00", $"00-{Ids}-00")]
    [InlineData($"00-{Ids}-03", $"00-{Ids}-03")]
    // Flags that nobody knows yet are not handed on, nor is what a later version has behind them.
    [InlineData($"00-{Ids}-ff", $"00-{Ids}-03")]
    [InlineData($"cc-{Ids}-01", $"00-{Ids}-01")]
    [InlineData($"cc-{Ids}-01-what-the-future-will-be-like", $"00-{Ids}-01")]
    public void AParent_IsRead(string text, string parent) =>
        Assert.Equal(parent, TaskTrace.TryParse(text, null)!.Parent);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00")]
    [InlineData($"00-{Ids}-01-")]
    [InlineData($"00-{Ids}-01-future")]
    [InlineData($"cc-{Ids}-01.future")]
    [InlineData($"ff-{Ids}-01")]
    [InlineData($"0-{Ids}-01")]
    [InlineData($"00-{Ids}-0")]
    [InlineData($"00-{Ids}-0x")]
    [InlineData($" 00-{Ids}-01")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    public void WhatIsNoParent_IsNone(string? text) => Assert.Null(TaskTrace.TryParse(text, "a=1"));

    [Theory]
    [InlineData("a=1", "a=1")]
    [InlineData(" a=1 , b@c=2,, ", "a=1,b@c=2")]
    [InlineData("", null)]
    [InlineData("A=1", null)]
    [InlineData("a", null)]
    [InlineData("a=", null)]
    [InlineData("a=1=2", null)]
    [InlineData("a=\n", null)]
    public void AState_IsRead_OrLeftOut(string text, string? state) =>
        Assert.Equal(state, TaskTrace.TryParse($"00-{Ids}-01", text)!.State);

    [Fact]
    public void ALongState_LosesWholeMembersFromItsEnd()
    {
        var member = $"a={new string('x', 250)}";
        Assert.Equal($"{member},{member}", TraceText.CutState($"{member},{member},{member}"));
        Assert.Null(TraceText.CutState(string.Join(',', Enumerable.Repeat("a=1", 33))));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("a=1,b=2", true)]
    public void ATrace_IsReadAsItWasWritten(string? state, bool isLink)
    {
        var trace = new TaskTrace($"00-{Ids}-01", state, isLink);
        Assert.Equal(trace, TaskTrace.Read(trace.Write()));
    }

    [Fact]
    public void TheSubmitter_SaysWhetherTheTraceIsRecorded()
    {
        Assert.True(new TaskTrace($"00-{Ids}-01").IsSampled);
        Assert.True(new TaskTrace($"00-{Ids}-03").IsSampled);
        Assert.False(new TaskTrace($"00-{Ids}-02").IsSampled);
    }

    [Fact]
    public void ATaskForLater_OnlyLinks()
    {
        var task = new NewTask { Payload = new("1"u8.ToArray(), IsJson: true), Trace = new($"00-{Ids}-01") };
        Assert.False(Create(task).Trace!.IsLink);
        Assert.True(Create(task with { Delay = TimeSpan.FromSeconds(1) }).Trace!.IsLink);
        Assert.Null(Create(task with { Trace = null, Delay = TimeSpan.FromSeconds(1) }).Trace);

        static TaskRecord Create(NewTask task) =>
            TaskLife.Create(task, new(1), TimeSpan.FromSeconds(60), DateTimeOffset.UnixEpoch);
    }
}
