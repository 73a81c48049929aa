using Weft.Core.Modules;
using Weft.Core.Tasks;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Operations;

/// <summary>
/// The outputs that tasks are completed with: whether their blobs are there, the task's owner may name them, and they
/// have the sizes that were said.
/// </summary>
internal sealed class OutputLook
{
    private readonly HashSet<(TaskId Task, ModuleHash Blob, long Size)> _found = [];

    public void Query(IStatements statements, TaskId task, FileSet outputs)
    {
        foreach (var blob in outputs.Files.Select(static file => file.Blob).Distinct())
        {
            statements.Query(StoreSql.SelectOutputBlob, row => _found.Add((task, blob, row.Long(0))))
                .With(blob.ToString())
                .With(task.Value);
        }
    }

    /// <summary>To be called once what was asked for is there.</summary>
    public bool IsThere(TaskId task, FileSet outputs) =>
        outputs.Files.All(file => file.Size is { } size && _found.Contains((task, file.Blob, size)));

    /// <summary>Stores what the task's result names: from then on the blobs stay as long as it does.</summary>
    public static void Store(WriteTransaction transaction, TaskId task, FileSet outputs) =>
        transaction.Write(statements =>
        {
            FileSetLook.Insert(statements, outputs);
            statements.Run(StoreSql.UpdateResultOutputs).With(outputs.Id).With(task.Value);
            foreach (var file in outputs.Files) statements.Run(StoreSql.NameOutput).With(file.Blob.ToString());
        });
}
