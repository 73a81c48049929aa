namespace Weft.Samples.Tests;

/// <summary>Ends a wait that a broken loop would make endless; far beyond what a working one takes.</summary>
internal static class Deadline
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    public static Task Within(this Task task) =>
        task.WaitAsync(Length, TimeProvider.System, TestContext.Current.CancellationToken);

    public static Task<T> Within<T>(this Task<T> task) =>
        task.WaitAsync(Length, TimeProvider.System, TestContext.Current.CancellationToken);
}
