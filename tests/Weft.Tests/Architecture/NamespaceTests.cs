using Weft.Serve;

namespace Weft.Tests.Architecture;

/// <summary>Namespaces refer to each other in one direction: a lower one knows nothing of those above it.</summary>
public sealed class NamespaceTests
{
    public static TheoryData<Type, string> Roots => new()
    {
        { typeof(CoordinatorStore), "Weft.Http" },
    };

    [Theory]
    [MemberData(nameof(Roots))]
    public void Namespaces_HaveNoCycles(Type inAssembly, string root)
    {
        var uses = inAssembly.Assembly.GetTypes().Where(type => type.DeclaringType is null && IsIn(type, root))
            .SelectMany(type =>
                References.Of(type).Where(used => IsIn(used, root))
                    .Select(used => (From: type.Namespace!, To: used.Namespace!)))
            .Where(static use => use.From != use.To).ToHashSet();
        // Whatever refers only to what was taken away already, or is referred to by that alone, is not part of a cycle.
        while (uses.RemoveWhere(use => uses.All(other => other.From != use.To)
            || uses.All(other => other.To != use.From)) > 0)
        {
        }

        Assert.Empty(uses.Select(static use => $"{use.From} -> {use.To}").Order(StringComparer.Ordinal));
    }

    private static bool IsIn(Type type, string root) =>
        type.Namespace is { } name && (name == root || name.StartsWith(root + ".", StringComparison.Ordinal));
}
