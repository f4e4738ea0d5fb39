//! npm, yarn, pnpm, bun.

use super::kind;
use crate::{NpmInstall, NpmKind, SegmentKind};

fn npm(script: &str) -> NpmInstall {
    match kind(script) {
        SegmentKind::NpmInstall(install) => install,
        other => panic!("{script}: {other:?}"),
    }
}

#[test]
fn knows_the_tools_and_modes() {
    for (script, kind) in [
        ("npm ci", NpmKind::NpmCi),
        ("npm clean-install --no-audit --no-fund", NpmKind::NpmCi),
        ("npm install", NpmKind::NpmInstall),
        ("npm i --loglevel error --registry https://example.test", NpmKind::NpmInstall),
        ("npm --loglevel warn install", NpmKind::NpmInstall),
        ("yarn", NpmKind::Yarn),
        ("yarn --frozen-lockfile", NpmKind::Yarn),
        ("yarn install --immutable", NpmKind::Yarn),
        ("pnpm i --frozen-lockfile", NpmKind::Pnpm),
        ("pnpm install --offline", NpmKind::Pnpm),
    ] {
        let expected = NpmInstall { kind, named: false, production: false, opaque: false };
        assert_eq!(npm(script), expected, "{script}");
    }
}

#[test]
fn packages_by_name_are_not_the_manifest() {
    for script in [
        "npm install -g pm2",
        "npm i typescript",
        "yarn add left-pad",
        "yarn global add serve",
        "pnpm add -g x",
        "npm i --global",
    ] {
        assert!(npm(script).named, "{script}");
    }
}

#[test]
fn knows_production_installs() {
    for script in [
        "npm ci --omit=dev",
        "npm ci --omit dev",
        "npm install --production",
        "npm install --only=production",
        "yarn install --production=true",
        "pnpm install -P",
        "NODE_ENV=production npm ci",
    ] {
        assert!(npm(script).production && !npm(script).named, "{script}");
    }
    assert!(!npm("NODE_ENV=production npm ci --include=dev").production);
}

#[test]
fn installs_for_other_folders_are_opaque() {
    for script in ["npm --prefix client install", "yarn --cwd web install", "npm ci -w api", "npm install $PKG"] {
        assert!(npm(script).opaque, "{script}");
    }
}

#[test]
fn scripts_have_their_name() {
    for (script, name) in [
        ("npm run build", "build"),
        ("npm run --silent build:prod -- --mode x", "build:prod"),
        ("npm test", "test"),
        ("yarn build", "build"),
        ("yarn run build", "build"),
        ("pnpm build", "build"),
        ("pnpm run lint", "lint"),
        ("bun run build", "build"),
        ("tsc -p tsconfig.json", "tsc"),
        ("npx vite build", "vite"),
    ] {
        assert_eq!(kind(script), SegmentKind::NpmRun(name.into()), "{script}");
    }
    for script in ["npm cache clean --force", "npx prisma generate", "yarn --version", "npm", "pnpm exec x"] {
        assert_eq!(kind(script), SegmentKind::Other, "{script}");
    }
    assert_eq!(kind("bun install --frozen-lockfile"), SegmentKind::Install("bun".into()));
}
