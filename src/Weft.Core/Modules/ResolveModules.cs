using Weft.Core.Access;
using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Verification;

namespace Weft.Core.Modules;

/// <summary>
/// Gives new tasks the module and the policy that they name, or those of their queue, and adds the requirements that
/// follow.
/// </summary>
public static class ResolveModules
{
    /// <summary>
    /// Null, or why nothing may be stored. If no task has a module, <paramref name="tasks"/> is unchanged.
    /// </summary>
    /// <param name="modules">The modules that were found.</param>
    /// <param name="owner">The owner whose modules the tasks may name; null: any. They may always use their queue's
    /// module.</param>
    /// <param name="tasks">The tasks.</param>
    public static SubmitStatus? Run(IKnownModules modules, TokenId? owner, ref IReadOnlyList<NewTask> tasks)
    {
        NewTask[]? resolved = null;
        (ModuleHash Hash, ModuleKind Kind)? last = null;
        for (var i = 0; i < tasks.Count; i++)
        {
            var ofQueue = tasks[i].Module is null ? modules.Of(tasks[i].Queue) : null;
            var task = ofQueue is null ? tasks[i] : AsQueueSays(modules, tasks[i], ofQueue);
            if ((task.Module ?? ofQueue?.Module) is not { } hash)
            {
                var writes = RunBytes.IsForOutputsAlone(task.Run);
                if (task.Packages is not null || (task.Run is { IsEmpty: false } && !writes)
                    || (task.Run is not null && task.Files is null))
                    return SubmitStatus.RunWithoutModule;
                if (task.Files is null) continue;
                resolved ??= [.. tasks];
                resolved[i] = task with { Run = writes ? task.Run : null, Requires = task.Requires.AndFiles() };
                continue;
            }

            // A batch often names the same module repeatedly.
            if (last is not { } known || known.Hash != hash)
            {
                var whose = task.Module is null ? null : owner;
                if (!modules.TryFind(hash, whose, out var kind)) return SubmitStatus.ModuleNotFound;
                known = (hash, kind);
                // A queue's module isn't thereby allowed to a task that names it itself.
                last = task.Module is null ? null : known;
            }

            if (task.Packages is not null && known.Kind.Label != ModuleKinds.Python)
            {
                return SubmitStatus.PackagesWithoutPython;
            }
            resolved ??= [.. tasks];
            resolved[i] =
                task with { Module = hash, Run = RunOf(task), Requires = RequirementsOf(task, known.Kind) };
        }

        AddPolicies(modules, ref tasks, resolved);
        return null;
    }

    private static void AddPolicies(IKnownModules modules, ref IReadOnlyList<NewTask> tasks, NewTask[]? resolved)
    {
        for (var i = 0; i < tasks.Count; i++)
        {
            var task = resolved is null ? tasks[i] : resolved[i];
            if ((task.Verify ?? modules.PolicyOf(task.Queue)) is not { } policy) continue;
            resolved ??= [.. tasks];
            resolved[i] = task with
            {
                Verify = policy, Requires = task.Requires.Verified(isPaced: policy.Mode == VerifyMode.Adaptive),
            };
        }

        if (resolved is not null) tasks = resolved;
    }

    private static Requirements RequirementsOf(NewTask task, ModuleKind kind)
    {
        var requires = task.Requires.And(kind).AndMemory(RunBytes.MemoryMbOf(task.Run));
        if (task.NeedsPyodide) requires = requires.AndPyodide();
        return task.Files is null ? requires : requires.AndFiles();
    }

    private static ReadOnlyMemory<byte>? RunOf(NewTask task) => task.Run is { IsEmpty: true } ? null : task.Run;

    /// <summary>The task with its queue's run and files, unless it has its own.</summary>
    private static NewTask AsQueueSays(IKnownModules modules, NewTask task, ModuleCall ofQueue)
    {
        var run = task.Run ?? ofQueue.Run;
        if (task.Files is { Files.Count: > 0 } || modules.FilesOf(task.Queue) is not { } files)
            return task with { Run = run };
        // The queue's set may exist only for the outputs that its run allows.
        if (files.Files.Count == 0 && RunBytes.OutputBytesOf(run) == 0) return task with { Run = run };
        return task with { Run = run, Files = files };
    }
}
