export const page = (title: string) => `<!doctype html>
<link rel="stylesheet" href="/_next/static/app.css">
<h1>${title}</h1>
<p>Rain, later wind.</p>
`;
