using System.Security.Cryptography;
using System.Text;
using Weft.Core.Modules;
using Weft.Core.Modules.Packages;
using Weft.Core.Storage;
using Weft.Core.UseCases;

namespace Weft.Core.Tests.UseCases;

/// <summary>What the packages of one task may cost: wheels come from strangers.</summary>
public sealed class PackageResolverTests
{
    private const string TooMuch =
        "The packages require too many others, or too many versions of them: name fewer.";

    private readonly List<StoredModule> _stored = [];
    private readonly Dictionary<ModuleHash, Wheel> _wheels = [];
    private int _reads;

    // Compared each with each, over and over, these took minutes.
    [Fact]
    public async Task ManyBoundsOnManyVersions_AreComparedOnce()
    {
        for (var minor = 0; minor < 900; minor++) Add($"x-1.{minor}");
        string[] conditional = [.. Enumerable.Range(0, 250).Select(static i => $"x>0.{i}; python_version > '3.{i}'")];
        string[] needs = [.. Enumerable.Range(0, 249).Select(static i => $"x>=0.{i}"), "x<0.1"];
        Add("evil-1.0", [.. conditional, .. needs]);
        var (wheels, fault) = await ResolveAsync("evil");
        Assert.Empty(wheels);
        Assert.StartsWith("The coordinator has no package x", fault, StringComparison.Ordinal);
        Assert.True(fault!.Length < 300, fault);
        Assert.Equal(1, _reads);
    }

    [Fact]
    public async Task MoreThanPackagesEverNeed_IsRefused()
    {
        string[] names = [.. Enumerable.Range(0, 32).Select(static i => $"p{i}")];
        foreach (var name in names)
        {
            Add($"{name}-1.0", [.. Enumerable.Range(0, 500).Select(static i => $"q{i}; os_name == 'x'")]);
        }
        Assert.Equal(TooMuch, (await ResolveAsync(names)).Fault);

        Add("bounds-1.0", [.. Enumerable.Repeat($"q{string.Join(',', Enumerable.Repeat(">0", 100))}", 50)]);
        Assert.Equal(TooMuch, (await ResolveAsync("bounds")).Fault);

        string[] large = [.. Enumerable.Range(0, 16).Select(static i => $"large{i}")];
        foreach (var name in large) Add($"{name}-1.0", [.. Enumerable.Repeat(new string(' ', 400), 100)]);
        Assert.Equal(TooMuch, (await ResolveAsync(large)).Fault);
    }

    [Fact]
    public async Task WhatCanNotBeRead_IsLeftOut_AndNotReadAgain()
    {
        Add("x-1.0");
        Add("x-2.0", isReadable: false);
        Add("a-1.0", "x>=1", "x>=1; os_name == 'y'");
        Add("b-1.0", "y; os_name == 'x'", "y>=1; os_name == 'y'");
        Add("y-1.0", isReadable: false);
        var (wheels, fault) = await ResolveAsync("a", "b");
        Assert.Null(fault);
        Assert.Equal(["a", "b", "x"], wheels.Select(static each => each.Name[..1]).Order());
        Assert.Equal(5, _reads);
    }

    private Task<(IReadOnlyList<ChosenWheel> Wheels, string? Fault)> ResolveAsync(params string[] packages) =>
        new PackageResolver(_stored, ReadAsync).RunAsync(packages);

    private Task<Wheel?> ReadAsync(StoredModule module)
    {
        _reads++;
        return Task.FromResult(_wheels.GetValueOrDefault(module.Hash));
    }

    private void Add(string package, params string[] requires) => Add(package, isReadable: true, requires);

    private void Add(string package, bool isReadable, params string[] requires)
    {
        var name = WheelName.TryParse($"{package}-py3-none-any.whl", out _)!;
        var hash = ModuleHash.From(SHA256.HashData(Encoding.UTF8.GetBytes(package)));
        _stored.Add(new(hash, ModuleKind.Wheel, 1, name.Text, default, InUse: false));
        if (isReadable) _wheels[hash] = new(name, requires, 1);
    }
}
