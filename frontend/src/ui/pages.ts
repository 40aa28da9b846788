/** Addresses of the server-rendered pages that islands link to. */
export const pages = {
  image: (image: number): string => `/images/${image}/`,
  /** Begins at a patch, if one is given. */
  label: (image: number, at?: { structure: number; row: number; column: number }): string => {
    const place = at ? `?structure=${at.structure}&row=${at.row}&column=${at.column}` : "";
    return `/images/${image}/label/${place}`;
  },
  results: (image: number, model?: number | null): string =>
    `/images/${image}/results/${model ? `?model=${model}` : ""}`,
  gallery: (dataset: number, image: number): string =>
    `/datasets/${dataset}/gallery/?image=${image}`,
  dataset: (dataset: number): string => `/datasets/${dataset}/`,
  datasetResults: (dataset: number): string => `/datasets/${dataset}/results/`,
  structures: (project: number): string => `/projects/${project}/structures/`,
  train: (dataset: number): string => `/datasets/${dataset}/train/`,
  run: (run: number): string => `/runs/${run}/`,
};
