using Weft.Torture.Checking;
using Weft.Torture.Histories;
using Weft.Torture.Reporting;

namespace Weft.Torture.Tests;

public sealed class ReportTests : IDisposable
{
    private static readonly TortureOptions Options = new("weft", 1, 0, 0, 1, true, 7, "folder");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-torture-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void SoundRun_Passes()
    {
        var tally = new Tally(_folder.FullName);
        tally.Add(Worked(10), [], "store");
        tally.Control("fencing off", true, "in store 1");
        Assert.True(Write(tally, out var text));
        Assert.Contains("0 lost, 0 accepted twice, 0 violations", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Violation_FailsTheRun_AndKeepsTheHistory()
    {
        var tally = new Tally(_folder.FullName);
        tally.Add(Worked(10), [new("I1", "Task 1 is lost", Harm.Lost)], "store");
        Assert.False(Write(tally, out var text));
        Assert.Contains("1 lost", text, StringComparison.Ordinal);
        Assert.Equal(10, File.ReadAllLines(Path.Combine(_folder.FullName, "store.ndjson")).Length);
    }

    [Fact]
    public void ControlThatIsNotCaught_FailsTheRun()
    {
        var tally = new Tally(_folder.FullName);
        tally.Add(Worked(10), [], "store");
        tally.Control("fencing off", false, "not in 6 stores");
        Assert.False(Write(tally, out var text));
        Assert.Contains("NOT CAUGHT", text, StringComparison.Ordinal);
    }

    [Fact]
    public void RunWithoutWork_Fails_SinceItProvesNothing()
    {
        var tally = new Tally(_folder.FullName);
        tally.Add(Worked(1), [], "store");
        Assert.False(Write(tally, out var text));
        Assert.Contains("I12", text, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCouldNotBeRun_IsSaidAloud()
    {
        var tally = new Tally(_folder.FullName);
        tally.Add(Worked(10), [], "store");
        tally.Skip("100 power cuts", "only root may mount a disk");
        Write(tally, out var text);
        Assert.Contains("NOT RUN  100 power cuts: only root may mount a disk", text, StringComparison.Ordinal);
    }

    private static bool Write(Tally tally, out string text)
    {
        using var output = new StringWriter();
        var passed = Report.Write(output, tally, Options, TimeSpan.FromSeconds(1));
        text = output.ToString();
        return passed;
    }

    private static History Worked(int operations)
    {
        var history = new History();
        for (var i = 0; i < operations; i++)
            history.Add(new() { Kind = OperationKind.Read, Outcome = Outcome.Ok, Begin = history.Tick() });
        return history;
    }
}
