using System.CommandLine;
using Weft.Storage.Sqlite.Care;

namespace Weft.Cli.Store;

/// <summary><c>weft check</c>: reads a whole store and says what contradicts what.</summary>
internal static class CheckCommand
{
    public static Command Create() =>
        new Command("check", "Read a whole store and say whether it is sound; nothing is changed. The coordinator may be at work.").OnStore(static (_, data) =>
        {
            var found = SqliteCheck.RunOnFolder(data);
            foreach (var finding in found.Findings) Console.Out.WriteLine(finding);
            if (!found.IsSound) throw new CommandFailure($"{data} is damaged: {found.Findings.Count} {(found.Findings.Count == 1 ? "finding" : "findings")}.");
            Console.Out.WriteLine($"{data} is sound: {found.Tasks} tasks.");
        });
}
