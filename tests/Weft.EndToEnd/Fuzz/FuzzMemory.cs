using System.Text.Json;

namespace Weft.EndToEnd.Fuzz;

/// <summary>What the coordinator has given out lately, so that requests reach past the first check.</summary>
internal sealed class FuzzMemory
{
    private const int Max = 256;

    private readonly Lock gate = new();
    private readonly List<(long Id, string Token)> claims = [(1, "00000000000000aa")];
    private long lastTask = 1;
    private long lastGroup;

    public long AnyTask(Random random)
    {
        lock (gate) return random.Next(3) == 0 ? random.NextInt64(lastTask) + 1 : claims[random.Next(claims.Count)].Id;
    }

    public string AnyToken(Random random)
    {
        lock (gate) return claims[random.Next(claims.Count)].Token;
    }

    public long AnyGroup(Random random)
    {
        lock (gate) return lastGroup == 0 ? 0 : random.NextInt64(lastGroup) + 1;
    }

    public void Note(FuzzOperation operation, JsonElement answer)
    {
        lock (gate)
        {
            if (answer.ValueKind != JsonValueKind.Object) return;
            if (operation.Path == "/api/v1/tasks/claim" || operation.Path == "/api/v1/tasks/settle") NoteClaims(answer);
            else if (operation.ToString() == "POST /api/v1/tasks") lastTask = answer.GetProperty("id").GetInt64();
            else if (operation.ToString() == "POST /api/v1/groups") lastGroup = answer.GetProperty("id").GetInt64();
        }
    }

    private void NoteClaims(JsonElement answer)
    {
        if (!answer.TryGetProperty("tasks", out var tasks)) return;
        foreach (var task in tasks.EnumerateArray())
        {
            claims.Add((task.GetProperty("id").GetInt64(), task.GetProperty("leaseToken").GetString()!));
            if (claims.Count > Max) claims.RemoveAt(0);
        }
    }
}
