using Weft.Core.Modules;
using Weft.Core.Tasks;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Operations;

/// <summary>
/// The outputs of completed tasks: whether their blobs exist, belong to the task's owner, and have the reported sizes.
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

    /// <summary>Call once the planned data is available.</summary>
    public bool IsThere(TaskId task, FileSet outputs) =>
        outputs.Files.All(file => file.Size is { } size && _found.Contains((task, file.Blob, size)));

    /// <summary>Stores a result's outputs: from then on the blobs are kept as long as the result.</summary>
    public static void Store(WriteTransaction transaction, TaskId task, FileSet outputs) =>
        transaction.Write(statements =>
        {
            FileSetLook.Insert(statements, outputs);
            statements.Run(StoreSql.UpdateResultOutputs).With(outputs.Id).With(task.Value);
            foreach (var file in outputs.Files) statements.Run(StoreSql.NameOutput).With(file.Blob.ToString());
        });
}
