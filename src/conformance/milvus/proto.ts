import protobuf from 'protobufjs';

// The messages of milvus.proto, schema.proto and common.proto (Apache-2.0, github.com/milvus-io/milvus-proto) that a vector store needs.
// Enums are told as their numbers. What is not in this list is passed over by the reader.
const PROTO = `
syntax = "proto3";
message Status { int32 error_code = 1; string reason = 2; int32 code = 3; bool retriable = 4; string detail = 5; }
message KeyValuePair { string key = 1; string value = 2; }
message StringArray { repeated string data = 1; }
message LongArray { repeated int64 data = 1; }
message FloatArray { repeated float data = 1; }
message JSONArray { repeated bytes data = 1; }
message ArrayArray { repeated ScalarField data = 1; int32 element_type = 2; }
message ScalarField {
  oneof data { LongArray long_data = 3; StringArray string_data = 6; ArrayArray array_data = 8; JSONArray json_data = 9; }
}
message VectorField { int64 dim = 1; oneof data { FloatArray float_vector = 2; } }
message FieldData {
  int32 type = 1; string field_name = 2;
  oneof field { ScalarField scalars = 3; VectorField vectors = 4; }
  int64 field_id = 5; bool is_dynamic = 6;
}
message FieldSchema {
  int64 fieldID = 1; string name = 2; bool is_primary_key = 3; string description = 4; int32 data_type = 5;
  repeated KeyValuePair type_params = 6; bool autoID = 8; int32 element_type = 10; bool is_partition_key = 13;
}
message CollectionSchema { string name = 1; string description = 2; bool autoID = 3; repeated FieldSchema fields = 4; bool enable_dynamic_field = 5; }
message IDs { oneof id_field { LongArray int_id = 1; StringArray str_id = 2; } }
message PlaceholderValue { string tag = 1; int32 type = 2; repeated bytes values = 3; }
message PlaceholderGroup { repeated PlaceholderValue placeholders = 1; }

message ServerInfo { string build_tags = 1; }
message Named { string collection_name = 3; }
message ConnectResponse { Status status = 1; ServerInfo server_info = 2; int64 identifier = 3; }
message GetVersionResponse { Status status = 1; string version = 2; }
message BoolResponse { Status status = 1; bool value = 2; }
message CreateCollectionRequest { string collection_name = 3; bytes schema = 4; int32 consistency_level = 6; }
message DescribeCollectionResponse { Status status = 1; CollectionSchema schema = 2; int64 collectionID = 3; int32 consistency_level = 11; string collection_name = 12; }
message CreateIndexRequest { string collection_name = 3; string field_name = 4; repeated KeyValuePair extra_params = 5; string index_name = 6; }
message IndexDescription {
  string index_name = 1; int64 indexID = 2; repeated KeyValuePair params = 3; string field_name = 4;
  int64 indexed_rows = 5; int64 total_rows = 6; int32 state = 7; int64 pending_index_rows = 9;
}
message DescribeIndexResponse { Status status = 1; repeated IndexDescription index_descriptions = 2; }
message GetLoadingProgressRequest { string collection_name = 2; }
message GetLoadingProgressResponse { Status status = 1; int64 progress = 2; }
message UpsertRequest { string collection_name = 3; repeated FieldData fields_data = 5; uint32 num_rows = 7; }
message MutationResult { Status status = 1; IDs IDs = 2; int64 delete_cnt = 7; int64 upsert_cnt = 8; }
message DeleteRequest { string collection_name = 3; string expr = 5; }
message QueryRequest {
  string collection_name = 3; string expr = 4; repeated string output_fields = 5; repeated KeyValuePair query_params = 9;
  int32 consistency_level = 11; bool use_default_consistency = 12;
}
message QueryResults { Status status = 1; repeated FieldData fields_data = 2; string collection_name = 3; repeated string output_fields = 4; string primary_field_name = 6; }
message SearchRequest {
  string collection_name = 3; string dsl = 5; bytes placeholder_group = 6; repeated string output_fields = 8;
  repeated KeyValuePair search_params = 9; int64 nq = 12; int32 consistency_level = 14; bool use_default_consistency = 15;
}
message SearchResultData {
  int64 num_queries = 1; int64 top_k = 2; repeated FieldData fields_data = 3; repeated float scores = 4; IDs ids = 5;
  repeated int64 topks = 6; repeated string output_fields = 7; string primary_field_name = 13;
}
message SearchResults { Status status = 1; SearchResultData results = 2; string collection_name = 3; }
message FlushRequest { repeated string collection_names = 3; }
message FlushResponse { Status status = 1; map<string, LongArray> coll_segIDs = 3; }
message GetFlushStateResponse { Status status = 1; bool flushed = 2; }
`;

const { root } = protobuf.parse(PROTO, { keepCase: true });

/** A message as plain values: numbers for enums and int64, nothing left out. */
export function decoded(type: string, bytes: Uint8Array): Record<string, unknown> {
  const reader = root.lookupType(type);
  return reader.toObject(reader.decode(bytes), { longs: Number, defaults: true, arrays: true, oneofs: true });
}

/** The bytes of a message. */
export function encoded(type: string, message: object): Uint8Array {
  const writer = root.lookupType(type);
  return writer.encode(writer.fromObject(message)).finish();
}
