using System.Text.Json.Serialization;

namespace Weft.Contracts;

/// <summary>
/// How the API's records are JSON: camelCase, without the members that are null; unknown ones are skipped, so that an
/// old client reads a newer answer.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter), typeof(JsonElementConverter), typeof(OptionalJsonElementConverter)],
    MaxDepth = WireText.DepthMax)]
[JsonSerializable(typeof(TaskRequest))]
[JsonSerializable(typeof(TaskCreated))]
[JsonSerializable(typeof(BatchRequest))]
[JsonSerializable(typeof(BatchOutcome))]
[JsonSerializable(typeof(ClaimRequest))]
[JsonSerializable(typeof(ClaimOutcome))]
[JsonSerializable(typeof(SettleItem))]
[JsonSerializable(typeof(SettleRequest))]
[JsonSerializable(typeof(SettleOutcome))]
[JsonSerializable(typeof(TaskInfo))]
[JsonSerializable(typeof(TaskList))]
[JsonSerializable(typeof(AttemptList))]
[JsonSerializable(typeof(TaskExplanation))]
[JsonSerializable(typeof(GroupResult))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Group))]
[JsonSerializable(typeof(GroupList))]
[JsonSerializable(typeof(GroupRequest))]
[JsonSerializable(typeof(CancelOutcome))]
[JsonSerializable(typeof(OperationRequest))]
[JsonSerializable(typeof(Operation))]
[JsonSerializable(typeof(OperationList))]
[JsonSerializable(typeof(OperationDryRun))]
[JsonSerializable(typeof(AuditEntry))]
[JsonSerializable(typeof(AuditList))]
[JsonSerializable(typeof(QueueList))]
[JsonSerializable(typeof(QueueDetail))]
[JsonSerializable(typeof(QueuePause))]
[JsonSerializable(typeof(WorkerList))]
[JsonSerializable(typeof(Overview))]
[JsonSerializable(typeof(TaskSeries))]
[JsonSerializable(typeof(EventInfo))]
[JsonSerializable(typeof(Access))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TokenInfo))]
[JsonSerializable(typeof(TokenList))]
[JsonSerializable(typeof(TokenRevoked))]
[JsonSerializable(typeof(WebhookRequest))]
[JsonSerializable(typeof(Webhook))]
[JsonSerializable(typeof(WebhookList))]
[JsonSerializable(typeof(WebhookDeleted))]
[JsonSerializable(typeof(WebhookDelivery))]
[JsonSerializable(typeof(WebhookDeliveryList))]
[JsonSerializable(typeof(WebhookTest))]
[JsonSerializable(typeof(TaskTrace))]
[JsonSerializable(typeof(ModuleInfo))]
[JsonSerializable(typeof(ModuleList))]
[JsonSerializable(typeof(BlobInfo))]
[JsonSerializable(typeof(BlobList))]
[JsonSerializable(typeof(BlobOffset))]
[JsonSerializable(typeof(ModuleRun))]
[JsonSerializable(typeof(RunFile))]
[JsonSerializable(typeof(TaskOutput))]
[JsonSerializable(typeof(QueueModule))]
public sealed partial class WireJson : JsonSerializerContext;
