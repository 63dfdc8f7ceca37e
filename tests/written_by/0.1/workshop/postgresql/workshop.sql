--
-- PostgreSQL database dump
--

\restrict 53nhjwW7U1UvSwddlalq9MTgBwtIrMpfXbUOsgpb0eRQgDM1pfDrsrDVgEVSaaQ

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: journal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.journal (
    id bigint NOT NULL,
    learner text NOT NULL,
    lesson text,
    step text,
    kind text NOT NULL,
    answer text,
    correct boolean,
    misconception text,
    confidence text,
    at timestamp with time zone NOT NULL
);


--
-- Name: journal_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.journal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: journal_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.journal_id_seq OWNED BY public.journal.id;


--
-- Name: name_keys; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.name_keys (
    name text NOT NULL,
    fingerprint text NOT NULL,
    at timestamp with time zone NOT NULL
);


--
-- Name: resume_points; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.resume_points (
    learner text NOT NULL,
    lesson text NOT NULL,
    step text NOT NULL,
    state text NOT NULL,
    completed integer NOT NULL,
    total integer NOT NULL,
    done boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    journal_id bigint NOT NULL
);


--
-- Name: schema_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.schema_version (
    version integer NOT NULL
);


--
-- Name: workshop_events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.workshop_events (
    id bigint NOT NULL,
    workshop text NOT NULL,
    learner text,
    kind text NOT NULL,
    data text NOT NULL,
    at timestamp with time zone NOT NULL
);


--
-- Name: workshop_events_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.workshop_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: workshop_events_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.workshop_events_id_seq OWNED BY public.workshop_events.id;


--
-- Name: workshop_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.workshop_version (
    version integer NOT NULL
);


--
-- Name: writers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.writers (
    writer text NOT NULL,
    batch bigint NOT NULL,
    at timestamp with time zone NOT NULL
);


--
-- Name: journal id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.journal ALTER COLUMN id SET DEFAULT nextval('public.journal_id_seq'::regclass);


--
-- Name: workshop_events id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.workshop_events ALTER COLUMN id SET DEFAULT nextval('public.workshop_events_id_seq'::regclass);


--
-- Data for Name: journal; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.journal VALUES (1, 'ana', 'gradients/derivative', 'tilt', 'experiment', 'slope=0.2', true, NULL, NULL, '2026-11-28 16:38:26.91608+00');
INSERT INTO public.journal VALUES (2, 'ana', 'gradients/derivative', 'what-it-says', 'choice', '3', false, 'tangent-is-curve', NULL, '2026-11-28 16:38:26.933968+00');
INSERT INTO public.journal VALUES (3, 'ana', 'gradients/derivative', 'what-it-says', 'choice', '0', true, NULL, NULL, '2026-11-28 16:38:26.940584+00');
INSERT INTO public.journal VALUES (4, 'ana', 'gradients/derivative', 'sixth-minute', 'number', '1210.21', false, NULL, NULL, '2026-11-28 16:38:26.949154+00');
INSERT INTO public.journal VALUES (5, 'ana', 'gradients/derivative', 'sixth-minute', 'number', '0.21000000000000008', true, NULL, NULL, '2026-11-28 16:38:26.954218+00');
INSERT INTO public.journal VALUES (6, 'ana', 'gradients/derivative', 'wide-secant', 'predict', '1.5', false, NULL, 'low', '2026-11-28 16:38:26.960271+00');
INSERT INTO public.journal VALUES (7, 'bo', 'gradients/derivative', 'tilt', 'experiment', 'slope=0.2', true, NULL, NULL, '2026-11-28 16:38:27.001956+00');
INSERT INTO public.journal VALUES (8, 'bo', 'gradients/derivative', 'what-it-says', 'choice', '3', false, 'tangent-is-curve', NULL, '2026-11-28 16:38:27.019679+00');
INSERT INTO public.journal VALUES (9, 'bo', 'gradients/derivative', 'what-it-says', 'choice', '0', true, NULL, NULL, '2026-11-28 16:38:27.024291+00');
INSERT INTO public.journal VALUES (10, 'bo', 'gradients/derivative', 'sixth-minute', 'number', '1210.21', false, NULL, NULL, '2026-11-28 16:38:27.039348+00');
INSERT INTO public.journal VALUES (11, 'bo', 'gradients/derivative', 'sixth-minute', 'number', '0.21000000000000008', true, NULL, NULL, '2026-11-28 16:38:27.043288+00');
INSERT INTO public.journal VALUES (12, 'bo', 'gradients/derivative', 'wide-secant', 'predict', '1.5', false, NULL, 'low', '2026-11-28 16:38:27.052223+00');
INSERT INTO public.journal VALUES (13, 'bo', 'gradients/derivative', 'shrink', 'experiment', 'h=0.05', true, NULL, NULL, '2026-11-28 16:38:27.062623+00');
INSERT INTO public.journal VALUES (14, 'bo', 'gradients/derivative', 'no-formula', 'choice', '1', false, 'D2', NULL, '2026-11-28 16:38:27.071413+00');
INSERT INTO public.journal VALUES (15, 'bo', 'gradients/derivative', 'no-formula', 'choice', '0', true, NULL, NULL, '2026-11-28 16:38:27.074754+00');
INSERT INTO public.journal VALUES (16, '陈小明', 'gradients/derivative', 'tilt', 'experiment', 'slope=0.2', true, NULL, NULL, '2026-11-28 16:38:27.090392+00');
INSERT INTO public.journal VALUES (17, '陈小明', 'gradients/derivative', 'what-it-says', 'choice', '3', false, 'tangent-is-curve', NULL, '2026-11-28 16:38:27.107736+00');
INSERT INTO public.journal VALUES (18, '陈小明', 'gradients/derivative', 'what-it-says', 'choice', '0', true, NULL, NULL, '2026-11-28 16:38:27.112509+00');
INSERT INTO public.journal VALUES (19, '陈小明', 'gradients/derivative', 'sixth-minute', 'number', '1210.21', false, NULL, NULL, '2026-11-28 16:38:27.126568+00');
INSERT INTO public.journal VALUES (20, '陈小明', 'gradients/derivative', 'sixth-minute', 'number', '0.21000000000000008', true, NULL, NULL, '2026-11-28 16:38:27.135854+00');
INSERT INTO public.journal VALUES (21, '陈小明', 'gradients/derivative', 'wide-secant', 'predict', '1.5', false, NULL, 'low', '2026-11-28 16:38:27.151385+00');
INSERT INTO public.journal VALUES (22, '陈小明', 'gradients/derivative', 'shrink', 'experiment', 'h=0.05', true, NULL, NULL, '2026-11-28 16:38:27.163157+00');
INSERT INTO public.journal VALUES (23, '陈小明', 'gradients/derivative', 'no-formula', 'choice', '3', false, 'average-is-instant', NULL, '2026-11-28 16:38:27.170465+00');
INSERT INTO public.journal VALUES (24, '陈小明', 'gradients/derivative', 'no-formula', 'choice', '0', true, NULL, NULL, '2026-11-28 16:38:27.176067+00');
INSERT INTO public.journal VALUES (25, '陈小明', 'gradients/derivative', 'settle', 'number', '7006.0', false, NULL, NULL, '2026-11-28 16:38:27.188797+00');
INSERT INTO public.journal VALUES (26, '陈小明', 'gradients/derivative', 'settle', 'number', '6.0', true, NULL, NULL, '2026-11-28 16:38:27.192359+00');
INSERT INTO public.journal VALUES (27, 'o''neil-3', 'gradients/derivative', 'tilt', 'experiment', 'slope=0.2', true, NULL, NULL, '2026-11-28 16:38:27.217272+00');
INSERT INTO public.journal VALUES (28, 'o''neil-3', 'gradients/derivative', 'what-it-says', 'choice', '1', false, 'D1', NULL, '2026-11-28 16:38:27.227868+00');
INSERT INTO public.journal VALUES (29, 'o''neil-3', 'gradients/derivative', 'what-it-says', 'choice', '0', true, NULL, NULL, '2026-11-28 16:38:27.232875+00');
INSERT INTO public.journal VALUES (30, 'o''neil-3', 'gradients/derivative', 'sixth-minute', 'number', '1210.21', false, NULL, NULL, '2026-11-28 16:38:27.244585+00');
INSERT INTO public.journal VALUES (31, 'o''neil-3', 'gradients/derivative', 'sixth-minute', 'number', '0.21000000000000008', true, NULL, NULL, '2026-11-28 16:38:27.24916+00');
INSERT INTO public.journal VALUES (32, 'o''neil-3', 'gradients/derivative', 'wide-secant', 'predict', '1.5', false, NULL, 'low', '2026-11-28 16:38:27.262127+00');
INSERT INTO public.journal VALUES (33, 'o''neil-3', 'gradients/derivative', 'shrink', 'experiment', 'h=0.05', true, NULL, NULL, '2026-11-28 16:38:27.273538+00');
INSERT INTO public.journal VALUES (34, 'o''neil-3', 'gradients/derivative', 'no-formula', 'choice', '1', false, 'D2', NULL, '2026-11-28 16:38:27.282808+00');
INSERT INTO public.journal VALUES (35, 'o''neil-3', 'gradients/derivative', 'no-formula', 'choice', '0', true, NULL, NULL, '2026-11-28 16:38:27.28857+00');
INSERT INTO public.journal VALUES (36, 'o''neil-3', 'gradients/derivative', 'settle', 'number', '7006.0', false, NULL, NULL, '2026-11-28 16:38:27.297468+00');
INSERT INTO public.journal VALUES (37, 'o''neil-3', 'gradients/derivative', 'settle', 'number', '6.0', true, NULL, NULL, '2026-11-28 16:38:27.307126+00');
INSERT INTO public.journal VALUES (38, 'o''neil-3', 'gradients/derivative', 'write-secant', 'code', 'def secant_slope(f, x, h):
    rise = ...
    return rise / h', false, NULL, NULL, '2026-11-28 16:38:27.652186+00');
INSERT INTO public.journal VALUES (39, 'o''neil-3', 'gradients/derivative', 'write-secant', 'code', 'def secant_slope(f, x, h):
    rise = f(x + h) - f(x)
    return rise / h', true, NULL, NULL, '2026-11-28 16:38:27.945475+00');
INSERT INTO public.journal VALUES (40, 'o''neil-3', 'gradients/derivative', 'slope-at-ten', 'predict', '2.5', false, NULL, 'low', '2026-11-28 16:38:27.954773+00');
INSERT INTO public.journal VALUES (41, 'ana', 'gradients/numerical-differentiation', 'tiny-h', 'predict', '0.6', false, NULL, 'low', '2026-11-28 16:38:28.032902+00');
INSERT INTO public.journal VALUES (42, 'bo', 'gradients/numerical-differentiation', 'tiny-h', 'predict', '0', true, NULL, 'low', '2026-11-28 16:38:28.057079+00');
INSERT INTO public.journal VALUES (43, '陈小明', 'gradients/numerical-differentiation', 'tiny-h', 'predict', '0.6', false, NULL, 'low', '2026-11-28 16:38:28.073396+00');
INSERT INTO public.journal VALUES (44, 'o''neil-3', 'gradients/derivative', NULL, 'reset', NULL, NULL, NULL, NULL, '2026-11-28 16:38:28.118736+00');
INSERT INTO public.journal VALUES (45, 'dan', 'gradients/derivative', 'tilt', 'experiment', 'slope=0.2', true, NULL, NULL, '2026-11-23 09:00:20+00');
INSERT INTO public.journal VALUES (46, 'dan', 'gradients/derivative', 'what-it-says', 'choice', '2', false, 'average-is-instant', NULL, '2026-11-23 09:01:20+00');
INSERT INTO public.journal VALUES (47, 'dan', 'gradients/derivative', 'what-it-says', 'choice', '0', true, NULL, NULL, '2026-11-23 09:02:00+00');
INSERT INTO public.journal VALUES (48, 'dan', 'gradients/derivative', 'sixth-minute', 'number', '1210.21', false, NULL, NULL, '2026-11-23 09:03:00+00');
INSERT INTO public.journal VALUES (49, 'dan', 'gradients/derivative', 'sixth-minute', 'number', '0.21000000000000008', true, NULL, NULL, '2026-11-23 09:03:40+00');
INSERT INTO public.journal VALUES (50, 'dan', 'gradients/derivative', 'wide-secant', 'predict', '1.5', false, NULL, 'low', '2026-11-23 09:04:40+00');


--
-- Data for Name: name_keys; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.name_keys VALUES ('instructor', 'SHA256:tKCvHtNEryyVohcrfvqQA+/+vczcNMUB6gUwxDsLXqA', '2026-11-28 16:38:26.775642+00');
INSERT INTO public.name_keys VALUES ('ana', 'SHA256:L/jIUBADF64ig8hpxlTFf8q4LCk0lCOfEqrSqZUjYwo', '2026-11-28 16:38:26.802175+00');
INSERT INTO public.name_keys VALUES ('bo', 'SHA256:ysKRHeOQEJs0Dkg4gZieeYb1qg9eIUtGWYBEgKp7mFM', '2026-11-28 16:38:26.845294+00');
INSERT INTO public.name_keys VALUES ('陈小明', 'SHA256:mdxZR7wEe7MpUzjd0fFxeMlToF0T/cg28gTBCjdM5f0', '2026-11-28 16:38:26.868473+00');
INSERT INTO public.name_keys VALUES ('o''neil-3', 'SHA256:TltjTvf0ntbZFciDMfyhpiBFKvecssmOYLF1tb2wXYQ', '2026-11-28 16:38:26.882582+00');


--
-- Data for Name: resume_points; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.resume_points VALUES ('ana', 'gradients/derivative', 'shrink', '{"seed": 3, "step": "shrink", "steps": {"tilt": {"outcome": "done", "values": {"slope": 0.2}}, "what-it-says": {"outcome": "done", "answer": "0", "tries": 2}, "sixth-minute": {"outcome": "done", "answer": "0.21000000000000008", "tries": 2}, "wide-secant": {"outcome": "done", "values": {"guess": 1.5}, "answer": "1.5", "confidence": "low", "tries": 1}, "shrink": {"outcome": "open", "values": {"h": 5.0}}}}', 4, 14, false, '2026-11-28 16:38:26.981718+00', 6);
INSERT INTO public.resume_points VALUES ('bo', 'gradients/derivative', 'settle', '{"seed": 2, "step": "settle", "steps": {"tilt": {"outcome": "done", "values": {"slope": 0.2}}, "what-it-says": {"outcome": "done", "answer": "0", "tries": 2}, "sixth-minute": {"outcome": "done", "answer": "0.21000000000000008", "tries": 2}, "wide-secant": {"outcome": "done", "values": {"guess": 1.5}, "answer": "1.5", "confidence": "low", "tries": 1}, "shrink": {"outcome": "done", "values": {"h": 0.05}}, "no-formula": {"outcome": "done", "answer": "0", "tries": 2}, "settle": {"outcome": "open"}}}', 6, 14, false, '2026-11-28 16:38:27.078701+00', 15);
INSERT INTO public.resume_points VALUES ('bo', 'gradients/numerical-differentiation', 'tiny-h', '{"seed": 2, "step": "tiny-h", "steps": {"tiny-h": {"outcome": "done", "values": {"guess": 0.0}, "answer": "0", "confidence": "low", "tries": 1}}}', 1, 17, false, '2026-11-28 16:38:28.057135+00', 42);
INSERT INTO public.resume_points VALUES ('陈小明', 'gradients/numerical-differentiation', 'tiny-h', '{"seed": 3, "step": "tiny-h", "steps": {"tiny-h": {"outcome": "done", "values": {"guess": 0.6}, "answer": "0.6", "confidence": "low", "tries": 1}}}', 1, 17, false, '2026-11-28 16:38:28.073436+00', 43);
INSERT INTO public.resume_points VALUES ('陈小明', 'gradients/derivative', 'write-secant', '{"seed": 3, "step": "write-secant", "steps": {"tilt": {"outcome": "done", "values": {"slope": 0.2}}, "what-it-says": {"outcome": "done", "answer": "0", "tries": 2}, "sixth-minute": {"outcome": "done", "answer": "0.21000000000000008", "tries": 2}, "wide-secant": {"outcome": "done", "values": {"guess": 1.5}, "answer": "1.5", "confidence": "low", "tries": 1}, "shrink": {"outcome": "done", "values": {"h": 0.05}}, "no-formula": {"outcome": "done", "answer": "0", "tries": 2}, "settle": {"outcome": "done", "answer": "6.0", "tries": 2}, "definition": {"outcome": "done"}, "write-secant": {"outcome": "open"}}}', 8, 14, false, '2026-11-28 16:38:27.207688+00', 26);
INSERT INTO public.resume_points VALUES ('o''neil-3', 'gradients/derivative', 'steepest-fall', '{"seed": 8, "step": "steepest-fall", "steps": {"tilt": {"outcome": "done", "values": {"slope": 0.2}}, "what-it-says": {"outcome": "done", "answer": "0", "tries": 2}, "sixth-minute": {"outcome": "done", "answer": "0.21000000000000008", "tries": 2}, "wide-secant": {"outcome": "done", "values": {"guess": 1.5}, "answer": "1.5", "confidence": "low", "tries": 1}, "shrink": {"outcome": "done", "values": {"h": 0.05}}, "no-formula": {"outcome": "done", "answer": "0", "tries": 2}, "settle": {"outcome": "done", "answer": "6.0", "tries": 2}, "definition": {"outcome": "done"}, "write-secant": {"outcome": "done", "answer": "def secant_slope(f, x, h):\n    rise = f(x + h) - f(x)\n    return rise / h", "tries": 2, "code": "def secant_slope(f, x, h):\n    rise = f(x + h) - f(x)\n    return rise / h"}, "slope-at-ten": {"outcome": "done", "values": {"guess": 2.5}, "answer": "2.5", "confidence": "low", "tries": 1}, "steepest-fall": {"outcome": "open", "values": {"x": 1.5}}}}', 10, 14, false, '2026-11-28 16:38:27.962545+00', 40);
INSERT INTO public.resume_points VALUES ('ana', 'gradients/numerical-differentiation', 'tiny-h', '{"seed": 3, "step": "tiny-h", "steps": {"tiny-h": {"outcome": "done", "values": {"guess": 0.6}, "answer": "0.6", "confidence": "low", "tries": 1}}}', 1, 17, false, '2026-11-28 16:38:28.032949+00', 41);
INSERT INTO public.resume_points VALUES ('dan', 'gradients/derivative', 'shrink', '{"seed": 5, "step": "shrink", "steps": {"tilt": {"outcome": "done", "values": {"slope": 0.2}}, "what-it-says": {"outcome": "done", "answer": "0", "tries": 2}, "sixth-minute": {"outcome": "done", "answer": "0.21000000000000008", "tries": 2}, "wide-secant": {"outcome": "done", "values": {"guess": 1.5}, "answer": "1.5", "confidence": "low", "tries": 1}, "shrink": {"outcome": "open", "values": {"h": 5.0}}}}', 4, 14, false, '2026-11-23 09:05:20+00', 50);


--
-- Data for Name: schema_version; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.schema_version VALUES (1);


--
-- Data for Name: workshop_events; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.workshop_events VALUES (1, 'workshop', 'instructor', 'joined', '{"process": "bbf65e56a9ff", "key": "SHA256:tKCvHtNEryyVohcrfvqQA+/+vczcNMUB6gUwxDsLXqA"}', '2026-11-28 16:38:26.823468+00');
INSERT INTO public.workshop_events VALUES (2, 'workshop', 'ana', 'joined', '{"process": "bbf65e56a9ff", "key": "SHA256:L/jIUBADF64ig8hpxlTFf8q4LCk0lCOfEqrSqZUjYwo"}', '2026-11-28 16:38:26.847891+00');
INSERT INTO public.workshop_events VALUES (3, 'workshop', 'bo', 'joined', '{"process": "bbf65e56a9ff", "key": "SHA256:ysKRHeOQEJs0Dkg4gZieeYb1qg9eIUtGWYBEgKp7mFM"}', '2026-11-28 16:38:26.866339+00');
INSERT INTO public.workshop_events VALUES (4, 'workshop', '陈小明', 'joined', '{"process": "bbf65e56a9ff", "key": "SHA256:mdxZR7wEe7MpUzjd0fFxeMlToF0T/cg28gTBCjdM5f0"}', '2026-11-28 16:38:26.883182+00');
INSERT INTO public.workshop_events VALUES (5, 'workshop', 'o''neil-3', 'joined', '{"process": "bbf65e56a9ff", "key": "SHA256:TltjTvf0ntbZFciDMfyhpiBFKvecssmOYLF1tb2wXYQ"}', '2026-11-28 16:38:26.899671+00');
INSERT INTO public.workshop_events VALUES (6, 'workshop', 'ana', 'moved', '{"lesson": "gradients/derivative", "step": "tilt"}', '2026-11-28 16:38:26.93979+00');
INSERT INTO public.workshop_events VALUES (7, 'workshop', 'ana', 'answered', '{"lesson": "gradients/derivative", "step": "tilt", "kind": "experiment", "answer": "slope=0.2", "correct": true, "guess": []}', '2026-11-28 16:38:27.003875+00');
INSERT INTO public.workshop_events VALUES (8, 'workshop', 'ana', 'moved', '{"lesson": "gradients/derivative", "step": "what-it-says"}', '2026-11-28 16:38:27.024855+00');
INSERT INTO public.workshop_events VALUES (9, 'workshop', 'ana', 'answered', '{"lesson": "gradients/derivative", "step": "what-it-says", "kind": "choice", "answer": "3", "correct": false, "misconception": "tangent-is-curve", "choice": 3, "guess": []}', '2026-11-28 16:38:27.038126+00');
INSERT INTO public.workshop_events VALUES (10, 'workshop', 'ana', 'answered', '{"lesson": "gradients/derivative", "step": "what-it-says", "kind": "choice", "answer": "0", "correct": true, "choice": 0, "guess": []}', '2026-11-28 16:38:27.078294+00');
INSERT INTO public.workshop_events VALUES (11, 'workshop', 'ana', 'moved', '{"lesson": "gradients/derivative", "step": "sixth-minute"}', '2026-11-28 16:38:27.088339+00');
INSERT INTO public.workshop_events VALUES (12, 'workshop', 'ana', 'answered', '{"lesson": "gradients/derivative", "step": "sixth-minute", "kind": "number", "answer": "1210.21", "correct": false, "number": 1210.21, "guess": []}', '2026-11-28 16:38:27.109843+00');
INSERT INTO public.workshop_events VALUES (13, 'workshop', 'ana', 'answered', '{"lesson": "gradients/derivative", "step": "sixth-minute", "kind": "number", "answer": "0.21000000000000008", "correct": true, "number": 0.21000000000000008, "guess": []}', '2026-11-28 16:38:27.124902+00');
INSERT INTO public.workshop_events VALUES (14, 'workshop', 'ana', 'moved', '{"lesson": "gradients/derivative", "step": "wide-secant"}', '2026-11-28 16:38:27.145586+00');
INSERT INTO public.workshop_events VALUES (15, 'workshop', 'ana', 'answered', '{"lesson": "gradients/derivative", "step": "wide-secant", "kind": "predict", "answer": "1.5", "correct": false, "confidence": "low", "guess": [1.5]}', '2026-11-28 16:38:27.156809+00');
INSERT INTO public.workshop_events VALUES (16, 'workshop', 'ana', 'moved', '{"lesson": "gradients/derivative", "step": "shrink"}', '2026-11-28 16:38:27.165157+00');
INSERT INTO public.workshop_events VALUES (17, 'workshop', 'bo', 'moved', '{"lesson": "gradients/derivative", "step": "tilt"}', '2026-11-28 16:38:27.165306+00');
INSERT INTO public.workshop_events VALUES (18, 'workshop', 'bo', 'answered', '{"lesson": "gradients/derivative", "step": "tilt", "kind": "experiment", "answer": "slope=0.2", "correct": true, "guess": []}', '2026-11-28 16:38:27.183325+00');
INSERT INTO public.workshop_events VALUES (19, 'workshop', 'bo', 'moved', '{"lesson": "gradients/derivative", "step": "what-it-says"}', '2026-11-28 16:38:27.198056+00');
INSERT INTO public.workshop_events VALUES (20, 'workshop', 'bo', 'answered', '{"lesson": "gradients/derivative", "step": "what-it-says", "kind": "choice", "answer": "3", "correct": false, "misconception": "tangent-is-curve", "choice": 3, "guess": []}', '2026-11-28 16:38:27.210186+00');
INSERT INTO public.workshop_events VALUES (21, 'workshop', 'bo', 'answered', '{"lesson": "gradients/derivative", "step": "what-it-says", "kind": "choice", "answer": "0", "correct": true, "choice": 0, "guess": []}', '2026-11-28 16:38:27.224841+00');
INSERT INTO public.workshop_events VALUES (22, 'workshop', 'bo', 'moved', '{"lesson": "gradients/derivative", "step": "sixth-minute"}', '2026-11-28 16:38:27.234158+00');
INSERT INTO public.workshop_events VALUES (23, 'workshop', 'bo', 'answered', '{"lesson": "gradients/derivative", "step": "sixth-minute", "kind": "number", "answer": "1210.21", "correct": false, "number": 1210.21, "guess": []}', '2026-11-28 16:38:27.245894+00');
INSERT INTO public.workshop_events VALUES (24, 'workshop', 'bo', 'answered', '{"lesson": "gradients/derivative", "step": "sixth-minute", "kind": "number", "answer": "0.21000000000000008", "correct": true, "number": 0.21000000000000008, "guess": []}', '2026-11-28 16:38:27.265855+00');
INSERT INTO public.workshop_events VALUES (25, 'workshop', 'bo', 'moved', '{"lesson": "gradients/derivative", "step": "wide-secant"}', '2026-11-28 16:38:27.274821+00');
INSERT INTO public.workshop_events VALUES (26, 'workshop', 'bo', 'answered', '{"lesson": "gradients/derivative", "step": "wide-secant", "kind": "predict", "answer": "1.5", "correct": false, "confidence": "low", "guess": [1.5]}', '2026-11-28 16:38:27.292125+00');
INSERT INTO public.workshop_events VALUES (27, 'workshop', 'bo', 'moved', '{"lesson": "gradients/derivative", "step": "shrink"}', '2026-11-28 16:38:27.30143+00');
INSERT INTO public.workshop_events VALUES (28, 'workshop', 'bo', 'answered', '{"lesson": "gradients/derivative", "step": "shrink", "kind": "experiment", "answer": "h=0.05", "correct": true, "guess": []}', '2026-11-28 16:38:27.326934+00');
INSERT INTO public.workshop_events VALUES (29, 'workshop', 'bo', 'moved', '{"lesson": "gradients/derivative", "step": "no-formula"}', '2026-11-28 16:38:27.336881+00');
INSERT INTO public.workshop_events VALUES (30, 'workshop', 'bo', 'answered', '{"lesson": "gradients/derivative", "step": "no-formula", "kind": "choice", "answer": "1", "correct": false, "misconception": "D2", "choice": 1, "guess": []}', '2026-11-28 16:38:27.348243+00');
INSERT INTO public.workshop_events VALUES (31, 'workshop', 'bo', 'answered', '{"lesson": "gradients/derivative", "step": "no-formula", "kind": "choice", "answer": "0", "correct": true, "choice": 0, "guess": []}', '2026-11-28 16:38:27.356568+00');
INSERT INTO public.workshop_events VALUES (32, 'workshop', 'bo', 'moved', '{"lesson": "gradients/derivative", "step": "settle"}', '2026-11-28 16:38:27.370657+00');
INSERT INTO public.workshop_events VALUES (33, 'workshop', '陈小明', 'moved', '{"lesson": "gradients/derivative", "step": "tilt"}', '2026-11-28 16:38:27.370816+00');
INSERT INTO public.workshop_events VALUES (34, 'workshop', '陈小明', 'answered', '{"lesson": "gradients/derivative", "step": "tilt", "kind": "experiment", "answer": "slope=0.2", "correct": true, "guess": []}', '2026-11-28 16:38:27.397827+00');
INSERT INTO public.workshop_events VALUES (35, 'workshop', '陈小明', 'moved', '{"lesson": "gradients/derivative", "step": "what-it-says"}', '2026-11-28 16:38:27.405707+00');
INSERT INTO public.workshop_events VALUES (36, 'workshop', '陈小明', 'answered', '{"lesson": "gradients/derivative", "step": "what-it-says", "kind": "choice", "answer": "3", "correct": false, "misconception": "tangent-is-curve", "choice": 3, "guess": []}', '2026-11-28 16:38:27.414912+00');
INSERT INTO public.workshop_events VALUES (37, 'workshop', '陈小明', 'answered', '{"lesson": "gradients/derivative", "step": "what-it-says", "kind": "choice", "answer": "0", "correct": true, "choice": 0, "guess": []}', '2026-11-28 16:38:27.428134+00');
INSERT INTO public.workshop_events VALUES (38, 'workshop', '陈小明', 'moved', '{"lesson": "gradients/derivative", "step": "sixth-minute"}', '2026-11-28 16:38:27.437612+00');
INSERT INTO public.workshop_events VALUES (39, 'workshop', '陈小明', 'answered', '{"lesson": "gradients/derivative", "step": "sixth-minute", "kind": "number", "answer": "1210.21", "correct": false, "number": 1210.21, "guess": []}', '2026-11-28 16:38:27.451649+00');
INSERT INTO public.workshop_events VALUES (40, 'workshop', '陈小明', 'answered', '{"lesson": "gradients/derivative", "step": "sixth-minute", "kind": "number", "answer": "0.21000000000000008", "correct": true, "number": 0.21000000000000008, "guess": []}', '2026-11-28 16:38:27.462711+00');
INSERT INTO public.workshop_events VALUES (41, 'workshop', '陈小明', 'moved', '{"lesson": "gradients/derivative", "step": "wide-secant"}', '2026-11-28 16:38:27.471395+00');
INSERT INTO public.workshop_events VALUES (42, 'workshop', '陈小明', 'answered', '{"lesson": "gradients/derivative", "step": "wide-secant", "kind": "predict", "answer": "1.5", "correct": false, "confidence": "low", "guess": [1.5]}', '2026-11-28 16:38:27.481645+00');
INSERT INTO public.workshop_events VALUES (43, 'workshop', '陈小明', 'moved', '{"lesson": "gradients/derivative", "step": "shrink"}', '2026-11-28 16:38:27.489816+00');
INSERT INTO public.workshop_events VALUES (44, 'workshop', '陈小明', 'answered', '{"lesson": "gradients/derivative", "step": "shrink", "kind": "experiment", "answer": "h=0.05", "correct": true, "guess": []}', '2026-11-28 16:38:27.499298+00');
INSERT INTO public.workshop_events VALUES (45, 'workshop', '陈小明', 'moved', '{"lesson": "gradients/derivative", "step": "no-formula"}', '2026-11-28 16:38:27.505185+00');
INSERT INTO public.workshop_events VALUES (46, 'workshop', '陈小明', 'answered', '{"lesson": "gradients/derivative", "step": "no-formula", "kind": "choice", "answer": "3", "correct": false, "misconception": "average-is-instant", "choice": 3, "guess": []}', '2026-11-28 16:38:27.516739+00');
INSERT INTO public.workshop_events VALUES (47, 'workshop', '陈小明', 'answered', '{"lesson": "gradients/derivative", "step": "no-formula", "kind": "choice", "answer": "0", "correct": true, "choice": 0, "guess": []}', '2026-11-28 16:38:27.529136+00');
INSERT INTO public.workshop_events VALUES (48, 'workshop', '陈小明', 'moved', '{"lesson": "gradients/derivative", "step": "settle"}', '2026-11-28 16:38:27.534934+00');
INSERT INTO public.workshop_events VALUES (49, 'workshop', '陈小明', 'answered', '{"lesson": "gradients/derivative", "step": "settle", "kind": "number", "answer": "7006.0", "correct": false, "number": 7006.0, "guess": []}', '2026-11-28 16:38:27.541714+00');
INSERT INTO public.workshop_events VALUES (50, 'workshop', '陈小明', 'answered', '{"lesson": "gradients/derivative", "step": "settle", "kind": "number", "answer": "6.0", "correct": true, "number": 6.0, "guess": []}', '2026-11-28 16:38:27.550117+00');
INSERT INTO public.workshop_events VALUES (51, 'workshop', '陈小明', 'moved', '{"lesson": "gradients/derivative", "step": "definition"}', '2026-11-28 16:38:27.554631+00');
INSERT INTO public.workshop_events VALUES (52, 'workshop', '陈小明', 'moved', '{"lesson": "gradients/derivative", "step": "write-secant"}', '2026-11-28 16:38:27.562226+00');
INSERT INTO public.workshop_events VALUES (53, 'workshop', 'o''neil-3', 'moved', '{"lesson": "gradients/derivative", "step": "tilt"}', '2026-11-28 16:38:27.563067+00');
INSERT INTO public.workshop_events VALUES (54, 'workshop', 'o''neil-3', 'answered', '{"lesson": "gradients/derivative", "step": "tilt", "kind": "experiment", "answer": "slope=0.2", "correct": true, "guess": []}', '2026-11-28 16:38:27.573083+00');
INSERT INTO public.workshop_events VALUES (55, 'workshop', 'o''neil-3', 'moved', '{"lesson": "gradients/derivative", "step": "what-it-says"}', '2026-11-28 16:38:27.577331+00');
INSERT INTO public.workshop_events VALUES (56, 'workshop', 'o''neil-3', 'answered', '{"lesson": "gradients/derivative", "step": "what-it-says", "kind": "choice", "answer": "1", "correct": false, "misconception": "D1", "choice": 1, "guess": []}', '2026-11-28 16:38:27.588154+00');
INSERT INTO public.workshop_events VALUES (57, 'workshop', 'o''neil-3', 'answered', '{"lesson": "gradients/derivative", "step": "what-it-says", "kind": "choice", "answer": "0", "correct": true, "choice": 0, "guess": []}', '2026-11-28 16:38:27.593849+00');
INSERT INTO public.workshop_events VALUES (58, 'workshop', 'o''neil-3', 'moved', '{"lesson": "gradients/derivative", "step": "sixth-minute"}', '2026-11-28 16:38:27.599288+00');
INSERT INTO public.workshop_events VALUES (59, 'workshop', 'o''neil-3', 'answered', '{"lesson": "gradients/derivative", "step": "sixth-minute", "kind": "number", "answer": "1210.21", "correct": false, "number": 1210.21, "guess": []}', '2026-11-28 16:38:27.609337+00');
INSERT INTO public.workshop_events VALUES (60, 'workshop', 'o''neil-3', 'answered', '{"lesson": "gradients/derivative", "step": "sixth-minute", "kind": "number", "answer": "0.21000000000000008", "correct": true, "number": 0.21000000000000008, "guess": []}', '2026-11-28 16:38:27.617886+00');
INSERT INTO public.workshop_events VALUES (61, 'workshop', 'o''neil-3', 'moved', '{"lesson": "gradients/derivative", "step": "wide-secant"}', '2026-11-28 16:38:27.623734+00');
INSERT INTO public.workshop_events VALUES (62, 'workshop', 'o''neil-3', 'answered', '{"lesson": "gradients/derivative", "step": "wide-secant", "kind": "predict", "answer": "1.5", "correct": false, "confidence": "low", "guess": [1.5]}', '2026-11-28 16:38:27.630906+00');
INSERT INTO public.workshop_events VALUES (63, 'workshop', 'o''neil-3', 'moved', '{"lesson": "gradients/derivative", "step": "shrink"}', '2026-11-28 16:38:27.636891+00');
INSERT INTO public.workshop_events VALUES (64, 'workshop', 'o''neil-3', 'answered', '{"lesson": "gradients/derivative", "step": "shrink", "kind": "experiment", "answer": "h=0.05", "correct": true, "guess": []}', '2026-11-28 16:38:27.648715+00');
INSERT INTO public.workshop_events VALUES (65, 'workshop', 'o''neil-3', 'moved', '{"lesson": "gradients/derivative", "step": "no-formula"}', '2026-11-28 16:38:27.657366+00');
INSERT INTO public.workshop_events VALUES (66, 'workshop', 'o''neil-3', 'answered', '{"lesson": "gradients/derivative", "step": "no-formula", "kind": "choice", "answer": "1", "correct": false, "misconception": "D2", "choice": 1, "guess": []}', '2026-11-28 16:38:27.663764+00');
INSERT INTO public.workshop_events VALUES (67, 'workshop', 'o''neil-3', 'answered', '{"lesson": "gradients/derivative", "step": "no-formula", "kind": "choice", "answer": "0", "correct": true, "choice": 0, "guess": []}', '2026-11-28 16:38:27.677359+00');
INSERT INTO public.workshop_events VALUES (68, 'workshop', 'o''neil-3', 'moved', '{"lesson": "gradients/derivative", "step": "settle"}', '2026-11-28 16:38:27.707594+00');
INSERT INTO public.workshop_events VALUES (69, 'workshop', 'o''neil-3', 'answered', '{"lesson": "gradients/derivative", "step": "settle", "kind": "number", "answer": "7006.0", "correct": false, "number": 7006.0, "guess": []}', '2026-11-28 16:38:27.748858+00');
INSERT INTO public.workshop_events VALUES (70, 'workshop', 'o''neil-3', 'answered', '{"lesson": "gradients/derivative", "step": "settle", "kind": "number", "answer": "6.0", "correct": true, "number": 6.0, "guess": []}', '2026-11-28 16:38:27.766907+00');
INSERT INTO public.workshop_events VALUES (71, 'workshop', 'o''neil-3', 'moved', '{"lesson": "gradients/derivative", "step": "definition"}', '2026-11-28 16:38:27.784868+00');
INSERT INTO public.workshop_events VALUES (72, 'workshop', 'o''neil-3', 'moved', '{"lesson": "gradients/derivative", "step": "write-secant"}', '2026-11-28 16:38:27.802156+00');
INSERT INTO public.workshop_events VALUES (74, 'workshop', 'o''neil-3', 'answered', '{"lesson": "gradients/derivative", "step": "write-secant", "kind": "code", "answer": "", "correct": true, "guess": []}', '2026-11-28 16:38:27.976209+00');
INSERT INTO public.workshop_events VALUES (83, 'workshop', 'ana', 'answered', '{"lesson": "gradients/numerical-differentiation", "step": "tiny-h", "kind": "predict", "answer": "0.6", "correct": false, "confidence": "low", "guess": [0.6]}', '2026-11-28 16:38:28.074861+00');
INSERT INTO public.workshop_events VALUES (87, 'workshop', '陈小明', 'answered', '{"lesson": "gradients/numerical-differentiation", "step": "tiny-h", "kind": "predict", "answer": "0.6", "correct": false, "confidence": "low", "guess": [0.6]}', '2026-11-28 16:38:28.109298+00');
INSERT INTO public.workshop_events VALUES (88, 'workshop', 'bo', 'hand-raised', '{}', '2026-11-28 16:38:28.109551+00');
INSERT INTO public.workshop_events VALUES (89, 'workshop', 'ana', 'detached', '{}', '2026-11-28 16:38:28.109758+00');
INSERT INTO public.workshop_events VALUES (90, 'workshop', 'instructor', 'reveal-opened', '{"lesson": "gradients/numerical-differentiation", "step": "tiny-h"}', '2026-11-28 16:38:28.10995+00');
INSERT INTO public.workshop_events VALUES (91, 'workshop', 'instructor', 'poll-opened', '{"question": "Clear so far? 到这里清楚吗？", "options": ["yes", "no"]}', '2026-11-28 16:38:28.110175+00');
INSERT INTO public.workshop_events VALUES (92, 'workshop', 'instructor', 'said', '{"text": "Well guessed.", "to": "bo"}', '2026-11-28 16:38:28.110371+00');
INSERT INTO public.workshop_events VALUES (93, 'workshop', '陈小明', 'voted', '{"poll": 91, "option": 1}', '2026-11-28 16:38:28.125537+00');
INSERT INTO public.workshop_events VALUES (73, 'workshop', 'o''neil-3', 'answered', '{"lesson": "gradients/derivative", "step": "write-secant", "kind": "code", "answer": "", "correct": false, "guess": []}', '2026-11-28 16:38:27.840881+00');
INSERT INTO public.workshop_events VALUES (75, 'workshop', 'o''neil-3', 'moved', '{"lesson": "gradients/derivative", "step": "slope-at-ten"}', '2026-11-28 16:38:27.987241+00');
INSERT INTO public.workshop_events VALUES (76, 'workshop', 'o''neil-3', 'answered', '{"lesson": "gradients/derivative", "step": "slope-at-ten", "kind": "predict", "answer": "2.5", "correct": false, "confidence": "low", "guess": [2.5]}', '2026-11-28 16:38:27.994846+00');
INSERT INTO public.workshop_events VALUES (77, 'workshop', 'o''neil-3', 'moved', '{"lesson": "gradients/derivative", "step": "steepest-fall"}', '2026-11-28 16:38:28.001987+00');
INSERT INTO public.workshop_events VALUES (78, 'workshop', 'instructor', 'lead-taken', '{"kept": 60.0}', '2026-11-28 16:38:28.002182+00');
INSERT INTO public.workshop_events VALUES (79, 'workshop', 'instructor', 'led', '{"lesson": "gradients/numerical-differentiation", "step": "tiny-h"}', '2026-11-28 16:38:28.00229+00');
INSERT INTO public.workshop_events VALUES (80, 'workshop', 'instructor', 'lead-taken', '{"kept": 60.0}', '2026-11-28 16:38:28.002376+00');
INSERT INTO public.workshop_events VALUES (81, 'workshop', 'instructor', 'reveal-held', '{"lesson": "gradients/numerical-differentiation", "step": "tiny-h"}', '2026-11-28 16:38:28.002457+00');
INSERT INTO public.workshop_events VALUES (82, 'workshop', 'ana', 'moved', '{"lesson": "gradients/numerical-differentiation", "step": "tiny-h"}', '2026-11-28 16:38:28.036928+00');
INSERT INTO public.workshop_events VALUES (84, 'workshop', 'bo', 'moved', '{"lesson": "gradients/numerical-differentiation", "step": "tiny-h"}', '2026-11-28 16:38:28.083095+00');
INSERT INTO public.workshop_events VALUES (85, 'workshop', 'bo', 'answered', '{"lesson": "gradients/numerical-differentiation", "step": "tiny-h", "kind": "predict", "answer": "0", "correct": true, "confidence": "low", "guess": [0.0]}', '2026-11-28 16:38:28.094125+00');
INSERT INTO public.workshop_events VALUES (86, 'workshop', '陈小明', 'moved', '{"lesson": "gradients/numerical-differentiation", "step": "tiny-h"}', '2026-11-28 16:38:28.094384+00');
INSERT INTO public.workshop_events VALUES (94, 'workshop', 'o''neil-3', 'left', '{"process": "bbf65e56a9ff"}', '2026-11-28 16:38:28.131186+00');


--
-- Data for Name: workshop_version; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.workshop_version VALUES (1);


--
-- Data for Name: writers; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.writers VALUES ('5c94b51e3efc4706ac4170f87e6122ae', 2, '2026-11-28 16:38:30.536828+00');


--
-- Name: journal_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.journal_id_seq', 66, true);


--
-- Name: workshop_events_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.workshop_events_id_seq', 99, true);


--
-- Name: journal journal_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.journal
    ADD CONSTRAINT journal_pkey PRIMARY KEY (id);


--
-- Name: name_keys name_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.name_keys
    ADD CONSTRAINT name_keys_pkey PRIMARY KEY (name);


--
-- Name: resume_points resume_points_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.resume_points
    ADD CONSTRAINT resume_points_pkey PRIMARY KEY (learner, lesson);


--
-- Name: workshop_events workshop_events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.workshop_events
    ADD CONSTRAINT workshop_events_pkey PRIMARY KEY (id);


--
-- Name: writers writers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.writers
    ADD CONSTRAINT writers_pkey PRIMARY KEY (writer);


--
-- Name: events_of_learner; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX events_of_learner ON public.workshop_events USING btree (learner);


--
-- Name: events_of_workshop; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX events_of_workshop ON public.workshop_events USING btree (workshop, id);


--
-- Name: journal_of_lesson; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX journal_of_lesson ON public.journal USING btree (learner, lesson);


--
-- Name: resets; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX resets ON public.journal USING btree (learner, lesson);


--
-- PostgreSQL database dump complete
--

\unrestrict 53nhjwW7U1UvSwddlalq9MTgBwtIrMpfXbUOsgpb0eRQgDM1pfDrsrDVgEVSaaQ

