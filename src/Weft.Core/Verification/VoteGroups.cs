using System.Text;

namespace Weft.Core.Verification;

/// <summary>The votes for one answer.</summary>
internal sealed class VoteGroup(AnswerHash answer)
{
    public AnswerHash Answer { get; } = answer;

    /// <summary>All of them.</summary>
    public int Votes { get; set; }

    /// <summary>Those of workers that aren't barred.</summary>
    public int Counted { get; set; }

    /// <summary>Those of elders that aren't barred.</summary>
    public int Elders { get; set; }

    public int Trusted { get; set; }
}

/// <summary>A task's votes by answer, in the order in which the answers came up.</summary>
internal sealed class VoteGroups
{
    private readonly List<VoteGroup> _groups = new(2);

    public VoteGroups(IReadOnlyList<Vote> votes, Func<Standing, bool> isElder)
    {
        foreach (var vote in votes)
        {
            var group = Find(vote.Answer);
            group.Votes++;
            if (vote.IsTrusted) group.Trusted++;
            if (!vote.Counts) continue;
            group.Counted++;
            if (!vote.IsTrusted && isElder(vote.Standing)) group.Elders++;
        }
    }

    /// <summary>How many different answers there are.</summary>
    public int Count => _groups.Count;

    /// <summary>How many of them somebody stands behind who isn't barred.</summary>
    public int Supported => _groups.Count(static group => group.Counted > 0);

    /// <summary>How many of them an elder stands behind.</summary>
    public int OfElders => _groups.Count(static group => group.Elders > 0);

    /// <summary>The first of those that have the most, and by how much it leads the next.</summary>
    public (VoteGroup Best, int Lead) Leader(Func<VoteGroup, int> weight)
    {
        var best = _groups[0];
        foreach (var group in _groups)
        {
            if (weight(group) > weight(best)) best = group;
        }

        var next = 0;
        foreach (var group in _groups)
        {
            if (group != best) next = Math.Max(next, weight(group));
        }

        return (best, weight(best) - next);
    }

    /// <summary>Such as <c>Answers differ: 4 a1b2c3d4…, 3 c3d4e5f6…</c>.</summary>
    public string Describe()
    {
        var text = new StringBuilder(_groups.Count > 1 ? "Answers differ: " : "No answer is believed: ");
        var named = _groups.OrderByDescending(static group => group.Votes).Take(Limits.VerifyAnswersNamed);
        text.AppendJoin(", ", named.Select(static group => $"{group.Votes} {group.Answer.ShortText}"));
        if (_groups.Count > Limits.VerifyAnswersNamed)
        {
            text.Append($", and {_groups.Count - Limits.VerifyAnswersNamed} more");
        }

        return text.Append('.').ToString();
    }

    private VoteGroup Find(AnswerHash answer)
    {
        foreach (var group in _groups)
        {
            if (group.Answer == answer) return group;
        }

        var added = new VoteGroup(answer);
        _groups.Add(added);
        return added;
    }
}
