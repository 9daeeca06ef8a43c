import protobuf from 'protobufjs';

// The fields of onnx.proto (Apache-2.0, github.com/onnx/onnx) down to where models are edited. What is never edited is
// kept as bytes, and fields this list does not know are kept by the reader, so that nothing is lost on the way through.
const PROTO = `
syntax = "proto2";
package onnx;

message ModelProto {
  optional int64 ir_version = 1;
  optional string producer_name = 2;
  optional string producer_version = 3;
  optional string domain = 4;
  optional int64 model_version = 5;
  optional string doc_string = 6;
  optional GraphProto graph = 7;
  repeated OperatorSetIdProto opset_import = 8;
  repeated StringStringEntryProto metadata_props = 14;
  repeated bytes training_info = 20;
  repeated bytes functions = 25;
}
message OperatorSetIdProto { optional string domain = 1; optional int64 version = 2; }
message StringStringEntryProto { optional string key = 1; optional string value = 2; }
message GraphProto {
  repeated NodeProto node = 1;
  optional string name = 2;
  repeated TensorProto initializer = 5;
  optional string doc_string = 10;
  repeated ValueInfoProto input = 11;
  repeated ValueInfoProto output = 12;
  repeated ValueInfoProto value_info = 13;
  repeated bytes quantization_annotation = 14;
  repeated bytes sparse_initializer = 15;
  repeated bytes metadata_props = 16;
}
message NodeProto {
  repeated string input = 1;
  repeated string output = 2;
  optional string name = 3;
  optional string op_type = 4;
  repeated AttributeProto attribute = 5;
  optional string doc_string = 6;
  optional string domain = 7;
  optional string overload = 8;
  repeated bytes metadata_props = 9;
}
message AttributeProto {
  optional string name = 1;
  optional float f = 2;
  optional int64 i = 3;
  optional bytes s = 4;
  optional TensorProto t = 5;
  optional GraphProto g = 6;
  repeated float floats = 7;
  repeated int64 ints = 8;
  repeated bytes strings = 9;
  repeated TensorProto tensors = 10;
  repeated GraphProto graphs = 11;
  optional string doc_string = 13;
  optional TypeProto tp = 14;
  repeated TypeProto type_protos = 15;
  optional int32 type = 20;
  optional string ref_attr_name = 21;
  optional bytes sparse_tensor = 22;
  repeated bytes sparse_tensors = 23;
}
message TensorProto {
  repeated int64 dims = 1;
  optional int32 data_type = 2;
  optional bytes segment = 3;
  repeated float float_data = 4 [packed = true];
  repeated int32 int32_data = 5 [packed = true];
  repeated bytes string_data = 6;
  repeated int64 int64_data = 7 [packed = true];
  optional string name = 8;
  optional bytes raw_data = 9;
  repeated double double_data = 10 [packed = true];
  repeated uint64 uint64_data = 11 [packed = true];
  optional string doc_string = 12;
  repeated bytes external_data = 13;
  optional int32 data_location = 14;
  repeated bytes metadata_props = 16;
}
message ValueInfoProto {
  optional string name = 1;
  optional TypeProto type = 2;
  optional string doc_string = 3;
  repeated bytes metadata_props = 4;
}
message TypeProto {
  optional TensorTypeProto tensor_type = 1;
  optional bytes sequence_type = 4;
  optional bytes map_type = 5;
  optional string denotation = 6;
  optional bytes sparse_tensor_type = 8;
  optional bytes optional_type = 9;
}
message TensorTypeProto { optional int32 elem_type = 1; optional TensorShapeProto shape = 2; }
message TensorShapeProto { repeated DimensionProto dim = 1; }
message DimensionProto { optional int64 dim_value = 1; optional string dim_param = 2; optional string denotation = 3; }
`;

const root = protobuf.parse(PROTO, { keepCase: false }).root;

export const ModelProto = root.lookupType('onnx.ModelProto');

/** A 64-bit integer as read; numbers are fine when writing. */
export type Int64 = number | { toNumber(): number };

// The arrays are read-only because an empty one is shared by all messages: assign a new array to change it.

export interface OnnxModel {
  irVersion?: Int64;
  producerName?: string;
  graph: OnnxGraph;
  opsetImport: readonly { domain?: string; version?: Int64 }[];
  metadataProps: readonly { key?: string; value?: string }[];
}

export interface OnnxGraph {
  node: readonly OnnxNode[];
  name?: string;
  initializer: readonly OnnxTensor[];
  input: readonly OnnxValueInfo[];
  output: readonly OnnxValueInfo[];
  valueInfo: readonly OnnxValueInfo[];
}

export interface OnnxNode {
  input: readonly string[];
  output: readonly string[];
  name?: string;
  opType: string;
  domain?: string;
  attribute: readonly OnnxAttribute[];
}

export interface OnnxAttribute {
  name: string;
  type?: number;
  f?: number;
  i?: Int64;
  s?: Uint8Array;
  t?: OnnxTensor;
  g?: OnnxGraph;
  floats?: readonly number[];
  ints?: readonly Int64[];
  strings?: readonly Uint8Array[];
  graphs?: readonly OnnxGraph[];
}

export interface OnnxTensor {
  name?: string;
  dims: readonly Int64[];
  dataType: number;
  rawData?: Uint8Array;
  floatData?: readonly number[];
  int32Data?: readonly number[];
  int64Data?: readonly Int64[];
}

export interface OnnxValueInfo {
  name: string;
  type?: {
    tensorType?: { elemType?: number; shape?: { dim?: readonly { dimValue?: Int64; dimParam?: string }[] } };
  };
}
