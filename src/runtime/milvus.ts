import type { ClientConfig, MilvusClient } from '@zilliz/milvus2-sdk-node';
import { loadOptional } from './optional.ts';

export type { MilvusClient } from '@zilliz/milvus2-sdk-node';

/**
 * A client of Milvus that has reached its server; throws what gRPC throws where it has not. It says nothing on the console and sends
 * no figures about us.
 */
export async function connectMilvus(config: ClientConfig): Promise<MilvusClient> {
  const { MilvusClient: Client } = await loadOptional(
    '@zilliz/milvus2-sdk-node',
    () => import('@zilliz/milvus2-sdk-node'),
  );
  const client = new Client({ logLevel: 'error', telemetry: { enabled: false }, ...config });
  try {
    await client.connectPromise;
    return client;
  } catch (error) {
    await client.closeConnection().catch(() => {});
    throw error;
  }
}
