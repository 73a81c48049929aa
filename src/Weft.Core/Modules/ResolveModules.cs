using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Core.Modules;

/// <summary>Gives new tasks the module that they name, or that of their queue, and what it requires of their workers.</summary>
public static class ResolveModules
{
    /// <summary>Null, or why nothing may be stored. Where no task has a module, <paramref name="tasks"/> stays as it is.</summary>
    public static SubmitStatus? Run(IKnownModules modules, ref IReadOnlyList<NewTask> tasks)
    {
        NewTask[]? resolved = null;
        for (var i = 0; i < tasks.Count; i++)
        {
            var task = tasks[i];
            var ofQueue = task.Module is null ? modules.Of(task.Queue) : null;
            if ((task.Module ?? ofQueue?.Module) is not { } hash)
            {
                if (task.Run is not null) return SubmitStatus.RunWithoutModule;
                continue;
            }

            if (!modules.TryFind(hash, out var kind)) return SubmitStatus.ModuleNotFound;
            resolved ??= [.. tasks];
            resolved[i] = task with { Module = hash, Run = RunOf(task, ofQueue), Requires = task.Requires.And(kind) };
        }

        if (resolved is not null) tasks = resolved;
        return null;
    }

    private static ReadOnlyMemory<byte>? RunOf(NewTask task, ModuleCall? ofQueue)
    {
        var run = task.Run ?? ofQueue?.Run;
        return run is { IsEmpty: true } ? null : run;
    }
}
