/**
 * What can be installed where: the Python wheels that hold TensorFlow's C library, by name, size and SHA-256, and what is
 * taken out of them. The libraries do not depend on Python, so the wheel of any Python will do. What stands here is
 * `tensorflow-cpu` (Linux, processor), `tensorflow` (macOS) and, for NVIDIA's graphics cards, `tensorflow` with the
 * newest CUDA 12 and cuDNN 9 that its extra "and-cuda" allows: what `pip install tensorflow[and-cuda]` takes.
 */
import type { PackDevice } from '../../engine/runtimes/tensorflow/pack.ts';

export interface Wheel {
  /** As the package index calls it. */
  readonly project: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface PackOffer {
  readonly device: PackDevice;
  /** Node's name of system and processor, such as "linux-x64". */
  readonly platform: string;
  readonly wheels: readonly Wheel[];
  /** Room that the installed pack takes, about. */
  readonly diskBytes: number;
  /** Whether the authors have computed with it on such a computer. */
  readonly isTried: boolean;
}

const OFFERS: readonly PackOffer[] = [
  {
    device: 'cpu',
    platform: 'linux-x64',
    diskBytes: 854_000_000,
    isTried: true,
    wheels: [
      {
        project: 'tensorflow-cpu',
        file: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
        bytes: 273_829_956,
        sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
      },
    ],
  },
  {
    device: 'gpu',
    platform: 'linux-x64',
    diskBytes: 5_680_000_000,
    isTried: false,
    wheels: [
      {
        project: 'tensorflow',
        file: 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
        bytes: 572_440_367,
        sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
      },
      {
        project: 'nvidia-cublas-cu12',
        file: 'nvidia_cublas_cu12-12.9.3.13-py3-none-manylinux_2_27_x86_64.whl',
        bytes: 581_217_458,
        sha256: 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72',
      },
      {
        project: 'nvidia-cuda-cupti-cu12',
        file: 'nvidia_cuda_cupti_cu12-12.9.79-py3-none-manylinux_2_25_x86_64.whl',
        bytes: 10_814_997,
        sha256: '096bcf334f13e1984ba36685ad4c1d6347db214de03dbb6eebb237b41d9d934f',
      },
      {
        project: 'nvidia-cuda-nvcc-cu12',
        file: 'nvidia_cuda_nvcc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
        bytes: 40_546_229,
        sha256: '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0',
      },
      {
        project: 'nvidia-cuda-nvrtc-cu12',
        file: 'nvidia_cuda_nvrtc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
        bytes: 89_568_129,
        sha256: '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4',
      },
      {
        project: 'nvidia-cuda-runtime-cu12',
        file: 'nvidia_cuda_runtime_cu12-12.9.79-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
        bytes: 3_493_179,
        sha256: '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
      },
      {
        project: 'nvidia-cudnn-cu12',
        file: 'nvidia_cudnn_cu12-9.28.0.42-py3-none-manylinux_2_27_x86_64.whl',
        bytes: 716_538_495,
        sha256: '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375',
      },
      {
        project: 'nvidia-cufft-cu12',
        file: 'nvidia_cufft_cu12-11.4.1.4-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
        bytes: 200_877_592,
        sha256: 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
      },
      {
        project: 'nvidia-curand-cu12',
        file: 'nvidia_curand_cu12-10.3.10.19-py3-none-manylinux_2_27_x86_64.whl',
        bytes: 68_295_626,
        sha256: '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e',
      },
      {
        project: 'nvidia-cusolver-cu12',
        file: 'nvidia_cusolver_cu12-11.7.5.82-py3-none-manylinux_2_27_x86_64.whl',
        bytes: 338_117_415,
        sha256: '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
      },
      {
        project: 'nvidia-cusparse-cu12',
        file: 'nvidia_cusparse_cu12-12.5.10.65-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
        bytes: 366_465_088,
        sha256: '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
      },
      {
        project: 'nvidia-nccl-cu12',
        file: 'nvidia_nccl_cu12-2.32.3-py3-none-manylinux_2_27_x86_64.whl',
        bytes: 351_526_311,
        sha256: 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c',
      },
      {
        project: 'nvidia-nvjitlink-cu12',
        file: 'nvidia_nvjitlink_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
        bytes: 39_748_338,
        sha256: 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
      },
    ],
  },
  {
    device: 'cpu',
    platform: 'darwin-arm64',
    diskBytes: 741_000_000,
    isTried: false,
    wheels: [
      {
        project: 'tensorflow',
        file: 'tensorflow-2.21.0-cp311-cp311-macosx_12_0_arm64.whl',
        bytes: 223_405_849,
        sha256: '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
      },
    ],
  },
];

export function offersFor(platform = thisPlatform()): readonly PackOffer[] {
  return OFFERS.filter((offer) => offer.platform === platform);
}

export function thisPlatform(): string {
  return `${process.platform}-${process.arch}`;
}

export function downloadBytes({ wheels }: Pick<PackOffer, 'wheels'>): number {
  return wheels.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Why there is nothing to install on a system without offers, and what to do instead. */
export function adviceFor(platform = thisPlatform()): string {
  return platform.startsWith('win32')
    ? 'TensorFlow’s library for Windows needs Python, so the lab cannot use it there. Take the graphics card (WebGPU), which works on Windows; or run the lab in WSL, the Linux within Windows.'
    : `There is no TensorFlow for ${platform} that the lab can use: it exists for Linux on x64 and for Macs with Apple’s processors. Take the processor or the graphics card (WebGPU).`;
}

const LIBRARY = /^tensorflow\/libtensorflow_(?:cc|framework)\.(?:so\.2|2\.dylib)$/;
const CUDA = /^nvidia\/\w+\/(?:lib\/.+\.so[.\d]*|bin\/ptxas|nvvm\/(?:lib64\/.+\.so|libdevice\/.+\.bc))$/;
const TENSORFLOW_LICENCE = /^tensorflow\/(?:THIRD_PARTY_NOTICES\.txt|include\/LICENSE)$/;
const LICENCE = /\.dist-info\/(?:licenses\/)?[^/]*licen[cs]e[^/]*$/i;
/** What the binding is compiled with. */
const HEADER =
  /^tensorflow\/include\/((?:tensorflow|xla\/tsl)\/c\/.+\.h|(?:tensorflow\/core|tsl)\/platform\/ctstring[^/]*\.h)$/;

/** Where a file of a wheel goes in the pack; undefined for all that the lab does not need. */
export function placeInPack(name: string, { project }: Pick<Wheel, 'project'>): string | undefined {
  if (LIBRARY.test(name) || CUDA.test(name)) return name;
  if (TENSORFLOW_LICENCE.test(name) || LICENCE.test(name))
    return `licences/${project}/${name.slice(name.lastIndexOf('/') + 1)}`;
  return undefined;
}

/** Where a header goes in a folder of headers; undefined for all else. */
export function placeOfHeader(name: string): string | undefined {
  return HEADER.exec(name)?.[1];
}
