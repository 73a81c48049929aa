using System.CommandLine;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.Storage.Sqlite.Maintenance;

namespace Weft.Cli.Store;

/// <summary><c>weft check</c>: reads a whole store and reports contradictions.</summary>
internal static class CheckCommand
{
    public static Command Create() =>
        new Command("check", "Check a store for damage, without changing it. The coordinator may be running.")
            .OnStore(static (_, data) =>
        {
            var found = SqliteCheck.RunOnFolder(data);
            foreach (var finding in found.Findings) Console.Out.WriteLine(finding);
            if (!found.IsSound)
            {
                throw new CommandFailure($"{data} is damaged: {Counted.Of(found.Findings.Count, "finding")}.");
            }
            Console.Out.WriteLine($"{data} is sound: {Counted.Of(found.Tasks, "task")}.{Older.Of(found)}");
        }).WithExamples("weft check", "weft check --data weft-data");
}
