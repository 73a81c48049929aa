using Weft.Core;
using Weft.Core.Storage;

namespace Weft.Background;

/// <summary>
/// Has results looked at again that workers at fault support. As many audits as may be under way are begun; where those
/// are done at once, the next follow at once, so that short tasks need no hour for what takes a minute.
/// </summary>
internal sealed class AuditRunner(IVerificationStore store, TimeProvider time)
{
    /// <summary>Ends when no more may be begun. Answers how many were.</summary>
    public async Task<int> RunOnceAsync(CancellationToken stop)
    {
        for (var all = 0; ;)
        {
            var begun = await store.AuditAsync();
            all += begun;
            if (begun == 0) return all;
            await Task.Delay(Limits.AuditInterval, time, stop);
        }
    }
}
