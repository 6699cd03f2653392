// oxlint-disable-next-line import/no-default-export -- Playwright wants one
export default {
  testDir: '.',
  outputDir: `${process.env['BENCH_OUTPUT']}-results`,
  workers: 1,
  reporter: 'null',
  timeout: 60_000,
};
