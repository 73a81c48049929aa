using Weft.Storage.Sqlite;
using Weft.Storage.Tests.Conformance;

namespace Weft.Storage.Tests.Sqlite;

public sealed class SqliteSubmitTests() : SubmitConformance(new SqliteStoreHost());

public sealed class SqliteClaimTests() : ClaimConformance(new SqliteStoreHost());

public sealed class SqliteCompleteTests() : CompleteConformance(new SqliteStoreHost());

public sealed class SqliteSettleTests() : SettleConformance(new SqliteStoreHost());

public sealed class SqliteAttemptTests() : AttemptConformance(new SqliteStoreHost());

public sealed class SqliteHistoryTests() : HistoryConformance(new SqliteStoreHost());

public sealed class SqliteStandingTests() : StandingConformance(new SqliteStoreHost());

public sealed class SqliteSweepTests() : SweepConformance(new SqliteStoreHost());

public sealed class SqliteRetentionTests() : RetentionConformance(new SqliteStoreHost());

public sealed class SqliteCountsTests() : CountsConformance(new SqliteStoreHost());

public sealed class SqliteEventsTests() : EventsConformance(new SqliteStoreHost());

public sealed class SqliteSamplesTests() : SamplesConformance(new SqliteStoreHost());

public sealed class SqliteBoardTests() : BoardConformance(new SqliteStoreHost());

public sealed class SqliteMetricsTests() : MetricsConformance(new SqliteStoreHost());

public sealed class SqliteGroupsTests() : GroupsConformance(new SqliteStoreHost());

public sealed class SqliteRequirementsTests() : RequirementsConformance(new SqliteStoreHost());

public sealed class SqliteIdempotencyTests() : IdempotencyConformance(new SqliteStoreHost());

public sealed class SqlitePauseTests() : PauseConformance(new SqliteStoreHost());

public sealed class SqliteCancelTests() : CancelConformance(new SqliteStoreHost());

public sealed class SqliteListTests() : ListConformance(new SqliteStoreHost());

public sealed class SqliteFilterTests() : FilterConformance(new SqliteStoreHost());

public sealed class SqliteSignalsTests() : SignalsConformance(new SqliteStoreHost());

public sealed class SqliteOwnersTests() : OwnersConformance(new SqliteStoreHost());

public sealed class SqliteOwnerBoundsTests() : OwnerBoundsConformance(new SqliteStoreHost());

public sealed class SqliteOwnerSharesTests() : OwnerSharesConformance(new SqliteStoreHost());

public sealed class SqliteBoundsTests() : BoundsConformance(new SqliteStoreHost());

public sealed class SqliteTokensTests()
    : TokensConformance(new SqliteStoreHost(), static store => ((SqliteTaskStore)store).Tokens);

public sealed class SqliteModulesTests()
    : ModulesConformance(new SqliteStoreHost(), static store => ((SqliteTaskStore)store).Modules);

public sealed class SqliteBlobsTests() : BlobsConformance(
    new SqliteStoreHost(), static store => ((SqliteTaskStore)store).Blobs,
    static store => ((SqliteTaskStore)store).Modules,
    static store => ((SqliteTaskStore)store).Tokens);

public sealed class SqliteOutputsTests() : OutputsConformance(
    new SqliteStoreHost(), static store => ((SqliteTaskStore)store).Blobs);

public sealed class SqliteLocalityTests() : LocalityConformance(
    new SqliteStoreHost(), static store => ((SqliteTaskStore)store).Blobs);

public sealed class SqliteModuleOwnersTests() : ModuleOwnersConformance(
    new SqliteStoreHost(), static store => ((SqliteTaskStore)store).Modules,
    static store => ((SqliteTaskStore)store).Tokens);

public sealed class SqliteBulkTests() : BulkConformance(new SqliteStoreHost());

public sealed class SqliteAuditTrailTests() : AuditConformance(new SqliteStoreHost());

public sealed class SqliteWebhookTests() : WebhookConformance(new SqliteStoreHost());

public sealed class SqliteTraceTests() : TraceConformance(new SqliteStoreHost());

public sealed class SqliteVerificationTests() : VerificationConformance(
    new SqliteStoreHost(), static store => ((SqliteTaskStore)store).Verification);

public sealed class SqliteAdaptiveTests() : AdaptiveConformance(
    new SqliteStoreHost(), static store => ((SqliteTaskStore)store).Verification);
