using Weft.Core.Storage;
using Weft.Serve;

namespace Weft.Tests.Architecture;

/// <summary>
/// Whether a caller may see or change something is decided by the use cases in Weft.Core, which take the caller: the
/// HTTP front can't reach the stores past them.
/// </summary>
public sealed class OneDoorTests
{
    // All that a coordinator has, but for what tells of the store itself.
    private static readonly Type[] Stores =
    [
        typeof(CoordinatorStore),
        .. typeof(CoordinatorStore).GetProperties().Select(static part => part.PropertyType)
            .Where(static part => part.IsInterface).Except([typeof(IStoreHealth), typeof(IStoreGauges)]),
    ];

    [Fact]
    public void Http_ReachesNoStore() => Assert.Empty(
        from type in typeof(CoordinatorStore).Assembly.GetTypes()
        where type.DeclaringType is null && type.Namespace is { } name
            && name.StartsWith("Weft.Http", StringComparison.Ordinal)
        from store in References.Of(type)
        where Stores.Any(known => known.IsAssignableFrom(store))
        select $"{type.FullName} refers to {store.FullName}");

    [Theory]
    [InlineData(typeof(AStoreInAField))]
    [InlineData(typeof(AStoreInALambda))]
    [InlineData(typeof(AStoreFromTheServices))]
    public void AStore_IsFoundWhereverItIsNamed(Type type) => Assert.Contains(typeof(ITaskStore), References.Of(type));

    private sealed class AStoreInAField(ITaskStore store)
    {
        public async Task RunAsync() => await store.CountAsync();
    }

    private static class AStoreInALambda
    {
        public static async Task RunAsync(Func<object> find) => await Task.Run(() => ((ITaskStore)find()).CountAsync());
    }

    private static class AStoreFromTheServices
    {
        public static object? Find(IServiceProvider services) => services.GetService(typeof(ITaskStore));
    }
}
